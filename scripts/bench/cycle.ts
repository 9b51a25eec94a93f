import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Cycle } from "#lib/collect/cycle.ts";
import { Prober, proberAt } from "#lib/collect/prober.ts";
import { ProcessWatch } from "#lib/collect/processes/process-watch.ts";
import { hostSensors } from "#lib/collect/sensors/index.ts";
import { quantile } from "#lib/stats/quantile.ts";
import type { BenchResult } from "../bench.ts";
import { ROOT } from "../steps/paths.ts";
import { round } from "./statistics.ts";

const WARM_UP = 10;
const CYCLES = 400;
const PAUSE_MS = 50;

/** How long one collection of this host takes, ms: all sensors, in a process of its own. */
export async function run(): Promise<BenchResult> {
  const prober = new Prober(proberAt(join(ROOT, "workers", "prober.ts")));
  // Each collection looks which processes used most, as each does at 5 s or more.
  const processes = new ProcessWatch("/proc", 0);
  processes.commandLines = true;
  const cycle = new Cycle(hostSensors(800, prober, undefined, processes), 800);
  const times: number[] = [];
  let series = 0;
  for (let n = 0; n < CYCLES + WARM_UP; n++) {
    await sleep(PAUSE_MS);
    const began = performance.now();
    series = (await cycle.run()).length;
    processes.takeTop();
    if (n >= WARM_UP) times.push(performance.now() - began);
    if (n % 100 === 0) console.error(`… cycle ${n}`);
  }
  await prober.stop();
  return { cycles: CYCLES, series, cycleMsP50: round(quantile(times, 0.5)), cycleMsP99: round(quantile(times, 0.99)) };
}
