import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { DebianPrometheus, missingDebianPrometheus } from "../../tests/support/debian-prometheus.ts";
import { startPortal } from "../../tests/support/portal.ts";
import type { BenchResult } from "../bench.ts";
import { readerOf } from "./administrator.ts";
import { onCluster } from "./cluster.ts";
import { columnsOf, type Server, storeCompacted, type Written } from "./same-samples.ts";
import { say } from "./say.ts";
import { round } from "./statistics.ts";

const STEP_MS = 15_000;
const DAY_SERIES = 12;
const HOSTS = 10;
const SERIES_A_HOST = 10;
const REPEATS = 25;

type Question = { name: string; query: string; spanMs: number; stepMs: number };

const QUESTIONS: Question[] = [
  { name: "day12", query: "bench_level", spanMs: DAY_MS, stepMs: MINUTE_MS },
  { name: "day12Rate", query: "rate(bench_day_total[5m])", spanMs: DAY_MS, stepMs: MINUTE_MS },
  { name: "day12Avg", query: "avg_over_time(bench_level[30m])", spanMs: DAY_MS, stepMs: MINUTE_MS },
  { name: "hour100", query: "bench_hour_total", spanMs: HOUR_MS, stepMs: STEP_MS },
  { name: "hour100SumRate", query: "sum by (host) (rate(bench_hour_total[5m]))", spanMs: HOUR_MS, stepMs: STEP_MS },
  { name: "instant100", query: "sum by (host) (rate(bench_hour_total[5m]))", spanMs: 0, stepMs: STEP_MS },
];

/** The text of an answer, and how long it took, ms. */
async function ask({ url, headers }: Server, { query, spanMs, stepMs }: Question, to: number) {
  const range = { query, start: String((to - spanMs) / 1000), end: String(to / 1000), step: String(stepMs / 1000) };
  const [path, parameters] = spanMs === 0 ? ["query", { query, time: range.end }] : ["query_range", range];
  const began = performance.now();
  const answer = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`, { headers });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${query}: ${answer.status} ${text.slice(0, 200)}`);
  return { text, ms: performance.now() - began };
}

const pointsIn = (text: string): number => text.split('",').length + text.split('"]').length;

/** Medians of both for each question, asked in turns, and how many times as long ours takes. */
async function compare(own: Server, other: Server, to: number): Promise<BenchResult> {
  const result: BenchResult = {};
  for (const question of QUESTIONS) {
    const times: [number[], number[]] = [[], []];
    for (let n = 0; n < REPEATS + 3; n++)
      for (const [i, server] of [own, other].entries()) {
        const { ms, text } = await ask(server, question, to);
        if (n >= 3) times[i]?.push(ms);
        else if (n === 0)
          say(
            `${question.name}: ${text.length} bytes, ${pointsIn(text)} parts from ${i === 0 ? "here" : "Prometheus"}`,
          );
      }
    const [ours, theirs] = times.map((all) => quantile(all, 0.5)) as [number, number];
    result[`${question.name}Ms`] = round(ours);
    result[`${question.name}PrometheusMs`] = round(theirs);
    result[`${question.name}Ratio`] = round(ours / theirs);
  }
  return result;
}

/** A day of twelve series each 15 s, and an hour of a hundred of ten hosts. */
function samplesUpTo(to: number): Written[] {
  const day = { host: "day", series: DAY_SERIES, from: to - DAY_MS - 10 * MINUTE_MS, to, stepMs: STEP_MS };
  return [
    { ...day, metric: "bench_level" },
    { ...day, metric: "bench_day_total" },
    ...Array.from({ length: HOSTS }, (_, n) => ({
      ...{ host: `hour-${n}`, metric: "bench_hour_total", series: SERIES_A_HOST, stepMs: STEP_MS },
      ...{ from: to - HOUR_MS - 10 * MINUTE_MS, to },
    })),
  ];
}

async function measure(url: string, dir: string): Promise<BenchResult> {
  const prometheus = await DebianPrometheus.start();
  const to = Math.floor(Date.now() / STEP_MS) * STEP_MS;
  const samples = samplesUpTo(to);
  await storeCompacted(url, samples);
  await prometheus.write(samples.flatMap(columnsOf));
  say("the samples are in both; the portal is built and started");
  const portal = await startPortal(`${dir}/portal`, { DATABASE_URL: url });
  try {
    const headers = await readerOf(portal);
    // What starting leaves behind, it leaves to both.
    await sleep(10_000);
    return await compare({ url: `${portal.url}/prometheus`, headers }, { url: prometheus.url, headers: {} }, to);
  } finally {
    await portal.stop();
    prometheus.remove();
  }
}

/** Range queries over HTTP here and in Debian's Prometheus, with the same samples and in one run. */
export async function run(): Promise<BenchResult> {
  const missing = await missingDebianPrometheus();
  if (missing) throw new Error(missing);
  return onCluster(({ url }, dir) => measure(url, dir));
}
