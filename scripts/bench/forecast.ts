import { join } from "node:path";
import { forecast } from "#lib/stats/forecast/forecast.ts";
import { mean, median } from "#lib/stats/quantile.ts";
import { HOUR_MS } from "#lib/time/durations.ts";
import type { BenchResult } from "../bench.ts";
import { type NabFile, readCorpus } from "../steps/nab-corpus.ts";
import { ROOT } from "../steps/paths.ts";
import { round } from "./statistics.ts";

const CORPUS = process.env.NAB_CORPUS ?? join(ROOT, "..", "shared", "nab");
const HORIZON = 24;
const DAY = 24;
const ORIGINS = 12;

/** Means by the hour, NaN where there is no sample. */
function hourly({ times, values }: NabFile): number[] {
  const first = Math.floor((times[0] as number) / HOUR_MS);
  const length = Math.floor((times.at(-1) as number) / HOUR_MS) - first + 1;
  const [sums, counts] = [new Float64Array(length), new Float64Array(length)];
  times.forEach((time, n) => {
    const at = Math.floor(time / HOUR_MS) - first;
    sums[at] = (sums[at] as number) + (values[n] as number);
    counts[at] = (counts[at] as number) + 1;
  });
  return Array.from(sums, (sum, n) => (counts[n] ? sum / (counts[n] as number) : Number.NaN));
}

/** Mean distance between values a day apart: what MASE is scaled by. */
function naiveError(values: number[]): number {
  const apart = values.slice(DAY).map((value, n) => Math.abs(value - (values[n] as number)));
  return mean(apart.filter((value) => !Number.isNaN(value)));
}

type Score = { error: number; naive: number; within: number; within95: number; steps: number; ms: number };

/** A day ahead from twelve instants of the later half, each knowing only what came before. */
function evaluate(values: number[]): Score {
  const score = { error: 0, naive: 0, within: 0, within95: 0, steps: 0, ms: 0 };
  for (let n = 0; n < ORIGINS; n++) {
    const origin = Math.floor(values.length / 2 + ((values.length / 2 - HORIZON) * n) / (ORIGINS - 1));
    const past = values.slice(0, origin);
    const began = performance.now();
    const ahead = forecast(past, HORIZON, [DAY, 7 * DAY]);
    score.ms += performance.now() - began;
    ahead?.steps.forEach(({ expected, low80, high80, low95, high95 }, h) => {
      const actual = values[origin + h];
      const before = values[origin + h - DAY] ?? Number.NaN;
      if (actual === undefined || Number.isNaN(actual) || Number.isNaN(before)) return;
      score.error += Math.abs(actual - expected);
      score.naive += Math.abs(actual - before);
      score.within += actual >= low80 && actual <= high80 ? 1 : 0;
      score.within95 += actual >= low95 && actual <= high95 ? 1 : 0;
      score.steps++;
    });
  }
  return score;
}

/** Forecasts of a day by the hour on the series of the anomaly benchmark, whose labels are not looked at. */
export async function run(): Promise<BenchResult> {
  const scored = readCorpus(CORPUS)
    .map((file) => ({ name: file.name, values: hourly(file) }))
    .filter(({ values }) => naiveError(values) > 0)
    .map(({ name, values }) => ({ name, values, ...evaluate(values) }));
  const mases = scored.map(({ error, steps, values }) => error / steps / naiveError(values));
  const total = (key: keyof Score) => scored.reduce((sum, score) => sum + score[key], 0);
  const relative = scored.filter(({ naive }) => naive > 0).map(({ error, naive }) => Math.log(error / naive));
  if (process.env.FORECAST_FILES)
    for (const [n, { name, within, steps }] of scored.entries())
      console.error(name, round(mases[n] as number), round(within / steps));
  return {
    series: scored.length,
    "MASE against seasonal naive on the same days, geometric mean": round(Math.exp(mean(relative))),
    "MASE scaled by seasonal naive on the whole series, mean": round(mean(mases)),
    "MASE scaled by seasonal naive on the whole series, median": round(median(mases)),
    "coverage of 80 % intervals": round(total("within") / total("steps")),
    "coverage of 95 % intervals": round(total("within95") / total("steps")),
    msPerForecast: round(total("ms") / scored.length / ORIGINS),
  };
}
