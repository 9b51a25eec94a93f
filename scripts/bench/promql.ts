import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { quantile } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { DebianPrometheus, missingDebianPrometheus } from "../../tests/support/debian-prometheus.ts";
import { startPortal } from "../../tests/support/portal.ts";
import type { WrittenSeries } from "../../tests/support/remote-write.ts";
import type { BenchResult } from "../bench.ts";
import { becomeAdministrator } from "./administrator.ts";
import { onCluster } from "./cluster.ts";
import { round } from "./statistics.ts";

const STEP_MS = 15_000;
const DAY_SERIES = 12;
const HOSTS = 10;
const SERIES_A_HOST = 10;
const REPEATS = 25;

const say = (text: string) => console.error(`… ${text}`);

/** A part of the samples: a source of one host, whose series all have these instants. */
type Written = { host: string; metric: string; series: number; from: number; to: number };

const valueAt = (metric: string, series: number, n: number): number =>
  metric === "bench_level" ? 50 + 40 * Math.sin(n / 50 + series) + (n % 13) / 7 : n * (series + 1) * 3 + (n % 11);

async function store(url: string, { host, metric, series, from, to }: Written): Promise<void> {
  const [{ appendBulk, Registry }, { openDatabase }, { registerHost }] = await Promise.all([
    import("#lib/tsdb/append.ts"),
    import("#lib/db/client.ts"),
    import("#lib/hosts/hosts.ts"),
  ]);
  const db = openDatabase(url, { maxConnections: 2 });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "SELECT ensure_frame_partition(d::date) FROM generate_series($1::timestamptz, $2::timestamptz + interval '1 day', '1 day') d",
    [new Date(from - DAY_MS), new Date(to)],
  );
  const hostId = await registerHost(db, { machineId: host, name: host, system: {} });
  const kind = metric.endsWith("_total") ? ("counter" as const) : ("gauge" as const);
  const readings = Array.from({ length: series }, (_, n) => ({
    ...{ metric, labels: { n: String(n) }, value: 0, kind, unit: "count", help: "" },
  }));
  const source = { kind: "bench", name: metric };
  const target = await new Registry(db).resolve(hostId, { source, at: from, intervalMs: STEP_MS, readings });
  const frames = Array.from({ length: (to - from) / STEP_MS + 1 }, (_, n) => ({
    at: from + n * STEP_MS,
    values: readings.map((_, i) => valueAt(metric, i, n)),
  }));
  for (let n = 0; n < frames.length; n += 500)
    await appendBulk(client, [{ ...target, frames: frames.slice(n, n + 500) }]);
  await client.end();
  await db.$disconnect();
}

const columnsOf = ({ host, metric, series, from, to }: Written): WrittenSeries[] =>
  Array.from({ length: series }, (_, n) => {
    const times = Array.from({ length: (to - from) / STEP_MS + 1 }, (_, i) => from + i * STEP_MS);
    const values = Float64Array.from(times, (_, i) => valueAt(metric, n, i));
    return { labels: { __name__: metric, host, n: String(n) }, times, values };
  });

type Question = { name: string; query: string; spanMs: number; stepMs: number };

const QUESTIONS: Question[] = [
  { name: "day12", query: "bench_level", spanMs: DAY_MS, stepMs: MINUTE_MS },
  { name: "day12Rate", query: "rate(bench_day_total[5m])", spanMs: DAY_MS, stepMs: MINUTE_MS },
  { name: "day12Avg", query: "avg_over_time(bench_level[30m])", spanMs: DAY_MS, stepMs: MINUTE_MS },
  { name: "hour100", query: "bench_hour_total", spanMs: HOUR_MS, stepMs: STEP_MS },
  { name: "hour100SumRate", query: "sum by (host) (rate(bench_hour_total[5m]))", spanMs: HOUR_MS, stepMs: STEP_MS },
  { name: "instant100", query: "sum by (host) (rate(bench_hour_total[5m]))", spanMs: 0, stepMs: STEP_MS },
];

type Server = { url: string; headers: Record<string, string> };

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

/** The same samples in a store and in Debian's Prometheus, which begins empty. */
async function fill(databaseUrl: string, prometheus: DebianPrometheus, to: number): Promise<void> {
  const day = { host: "day", series: DAY_SERIES, from: to - DAY_MS - 10 * MINUTE_MS, to };
  const all: Written[] = [
    { ...day, metric: "bench_level" },
    { ...day, metric: "bench_day_total" },
    ...Array.from({ length: HOSTS }, (_, n) => ({
      ...{ host: `hour-${n}`, metric: "bench_hour_total", series: SERIES_A_HOST },
      ...{ from: to - HOUR_MS - 10 * MINUTE_MS, to },
    })),
  ];
  for (const written of all) await store(databaseUrl, written);
  const [{ compactDue }, { openDatabase }] = await Promise.all([
    import("#lib/tsdb/maintenance.ts"),
    import("#lib/db/client.ts"),
  ]);
  const db = openDatabase(databaseUrl);
  await compactDue(db, Date.now());
  await db.$disconnect();
  await prometheus.write(all.flatMap(columnsOf));
}

async function measure(url: string, dir: string): Promise<BenchResult> {
  const prometheus = await DebianPrometheus.start();
  const to = Math.floor(Date.now() / STEP_MS) * STEP_MS;
  await fill(url, prometheus, to);
  say("the samples are in both; the portal is built and started");
  const portal = await startPortal(`${dir}/portal`, { DATABASE_URL: url });
  try {
    const { call } = await becomeAdministrator(portal);
    const scopes = ["metrics:read"];
    const { token } = (await call("POST", "/account/tokens", { name: "bench", days: 1, scopes })) as { token: string };
    await call("PATCH", "/settings", { rate_limit_per_minute: 100_000 });
    // What starting leaves behind, it leaves to both.
    await sleep(10_000);
    const own = { url: `${portal.url}/prometheus`, headers: { authorization: `Bearer ${token}` } };
    return await compare(own, { url: prometheus.url, headers: {} }, to);
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
