import { LineWriter } from "#lib/collect/spool/lines.ts";
import type { ProcessGroup } from "#lib/contract/processes.ts";
import { decodeBlock, encodeBlock, type ProcessSample } from "#lib/processes/block.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { HOUR_MS, SECOND_MS } from "#lib/time/durations.ts";
import type { BenchResult } from "../bench.ts";
import { round } from "./statistics.ts";

const INTERVAL_MS = 5 * SECOND_MS;
const SAMPLES = HOUR_MS / INTERVAL_MS;
const GROUPS = 45;
const RUNS = 20;

let seed = 7;
/** The same numbers each time (mulberry32). */
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

const makeGroup = (n: number): ProcessGroup => ({
  ...{
    name: `service-${n}`,
    container: n % 3 === 0 ? `shop-${n}-1` : "",
    unit: n % 3 === 0 ? "" : `service-${n}.service`,
  },
  ...{ count: 1 + (n % 7), cpu: 0, memory: (n + 1) * 40e6, read: 0, write: 0, pid: 1_000 + n * 13 },
  command: `/usr/lib/service-${n}/bin/service --config /etc/service-${n}/main.conf --listen 127.0.0.1:${8_000 + n} --workers ${n % 9}`,
});

/**
 * An hour of a busy machine: of 45 groups a third use CPU that jitters by half, a third read and write, all grow and shrink, a PID changes now and then, and what is last
 * in its list comes and goes.
 */
function makeHour(): ProcessSample[] {
  const groups = Array.from({ length: GROUPS }, (_, n) => makeGroup(n));
  return Array.from({ length: SAMPLES }, (_, sample) => {
    for (const [n, group] of groups.entries()) {
      group.cpu = n % 3 === 0 ? (n + 1) * (0.5 + random()) : random() < 0.1 ? 0.2 : 0;
      group.memory = Math.max(1e6, group.memory + (random() < 0.4 ? (random() - 0.5) * 2e6 : 0));
      group.write = n % 3 === 1 && random() < 0.7 ? 10 ** (3 + 4 * random()) : 0;
      group.read = n % 9 === 1 && random() < 0.3 ? 10 ** (3 + 4 * random()) : 0;
      if (random() < 0.01) group.pid += 17;
    }
    const there = groups.filter((_, n) => n < 35 || random() < 0.7);
    return {
      at: sample * INTERVAL_MS,
      spanMs: INTERVAL_MS + Math.round(random() * 9) - 4,
      groups: there.map((group) => ({ ...group })),
    };
  });
}

function timed(act: () => void): number {
  const began = performance.now();
  act();
  return performance.now() - began;
}

/** What the processes of a busy host take a day at 5 s, in the database and in the spool, and what sealing and reading an hour costs. */
export async function run(): Promise<BenchResult> {
  const hour = makeHour();
  const block = encodeBlock(hour, 12);
  const writer = new LineWriter();
  let spooled = 0;
  for (const { at, ...processes } of hour) {
    const { text, written } = writer.lines({
      source: { kind: "host", name: "" },
      at,
      intervalMs: INTERVAL_MS,
      readings: [],
      processes,
    });
    written();
    spooled += Buffer.byteLength(text);
  }
  const rows = hour.map((sample) => encodeBlock([sample]).length);
  const times = (act: () => void) =>
    round(
      quantile(
        Array.from({ length: RUNS }, () => timed(act)),
        0.5,
      ),
    );
  return {
    groups: GROUPS,
    samplesAnHour: SAMPLES,
    blockKiB: round(block.length / 1024),
    MiBADay: round((block.length * 24) / 1024 ** 2),
    rowBytesP50: quantile(rows, 0.5),
    spoolBytesAFrame: Math.round(spooled / SAMPLES),
    sealMsP50: times(() => void encodeBlock(hour, 12)),
    readMsP50: times(() => void decodeBlock(block)),
  };
}
