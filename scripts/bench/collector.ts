import { fork } from "node:child_process";
import { join } from "node:path";
import type { Frame } from "#lib/metrics/frame.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import type { BenchOptions, BenchResult } from "../bench.ts";
import { buildPortal } from "../steps/build.ts";
import { ROOT } from "../steps/paths.ts";
import { round } from "./statistics.ts";

const MIB = 1024 ** 2;

/** What the collecting process costs over a while, as it says of itself: CPU in percent of one core, memory in MiB. */
export async function run({ minutes, intervalS }: BenchOptions): Promise<BenchResult> {
  await buildPortal();
  const frames: Frame[] = [];
  const child = fork(join(ROOT, "dist", "collector.js"), {
    env: { ...process.env, SIGHTLINE_INTERVAL_MS: String(intervalS * 1000), SIGHTLINE_COMMAND_LINES: "true" },
    execArgv: ["--max-semi-space-size=1", "--max-old-space-size=64"],
  });
  child.on("message", ({ frame }: { frame: Frame }) => {
    if (frame.source.kind !== "host") return;
    frames.push(frame);
    const everyMinute = Math.max(1, Math.round(60 / intervalS));
    if (frames.length % everyMinute === 0)
      console.error(`… ${Math.round((frames.length * intervalS) / 60)} of ${minutes} min`);
  });
  await new Promise((resolve) => setTimeout(resolve, minutes * MINUTE_MS));
  child.kill();
  const values = (metric: string) =>
    frames.slice(2).map((frame) => frame.readings.find((r) => r.metric === metric)?.value ?? Number.NaN);
  const [cpu, cycle] = [values("collector.cpu"), values("collector.cycle")];
  const [resident, own] = [values("collector.memory.resident"), values("collector.memory.private")];
  return {
    minutes,
    intervalS,
    frames: frames.length,
    cpuPercentMean: round(cpu.reduce((sum, value) => sum + value, 0) / cpu.length),
    cycleMsP50: round(quantile(cycle, 0.5)),
    cycleMsP99: round(quantile(cycle, 0.99)),
    missedCycles: values("collector.missed").at(-1) ?? 0,
    residentMiBEnd: round((resident.at(-1) ?? 0) / MIB),
    privateMiBEnd: round((own.at(-1) ?? 0) / MIB),
    privateMiBMax: round(Math.max(...own) / MIB),
  };
}
