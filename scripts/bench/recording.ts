import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isCumulative, metricInfo } from "#lib/metrics/catalogue.ts";
import type { Labels } from "#lib/metrics/frame.ts";
import { seededRandom } from "#lib/stats/random.ts";
import { decodeChunk } from "#lib/tsdb/query.ts";
import { ROOT } from "../steps/paths.ts";

const FIXTURES = join(ROOT, "tests", "fixtures");

export type Recording = { series: [string, Labels][]; columns: Float64Array[] };

/**
 * Real host metrics, 33 minutes at 5 s, drawn out to `count` samples: single values of the recording at random, of counters and
 * amounts of bytes their single steps. What a real host keeps for a while is lost by that, so that it compresses worse
 * than the real thing; repeating the recording would let the compressor find the repeats.
 */
export function drawnOut(count: number): Recording {
  const { series } = JSON.parse(readFileSync(join(FIXTURES, "host-5s.json"), "utf8")) as { series: [string, Labels][] };
  const { columns } = decodeChunk(readFileSync(join(FIXTURES, "host-5s.bin")));
  const next = seededRandom(20_261_124);
  const drawn = columns.map((column, i) => {
    const { kind, unit } = metricInfo(series[i]?.[0] ?? "");
    const present = column.filter((value) => !Number.isNaN(value));
    const byStep = isCumulative(kind) || unit === "bytes" || unit === "seconds";
    const steps = byStep ? present.subarray(1).map((value, n) => value - (present[n] as number)) : present;
    let level = present[0] ?? 0;
    return Float64Array.from({ length: count }, () => {
      const value = steps[Math.floor(next() * steps.length)] ?? 0;
      level = byStep ? level + value : value;
      return level;
    });
  });
  return { series, columns: drawn };
}
