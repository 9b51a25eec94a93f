import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { DebianPrometheus, missingDebianPrometheus } from "../../tests/support/debian-prometheus.ts";
import { DebianVictoriaMetrics, missingDebianVictoriaMetrics } from "../../tests/support/debian-victoria-metrics.ts";
import { startPortal } from "../../tests/support/portal.ts";
import { remoteWrite } from "../../tests/support/remote-write.ts";
import type { BenchResult } from "../bench.ts";
import { readerOf } from "./administrator.ts";
import { onCluster } from "./cluster.ts";
import { columnsOf, type Server, storeCompacted, type Written } from "./same-samples.ts";
import { round } from "./statistics.ts";

const REPEATS = 20;
/** So many questions before one counts: what a compiler makes of code that runs often is there by then, as it is of a server that has run for a day. */
const WARM = 200;
/** What one call of Prometheus answers at most of a series. */
const MAX_STEPS = 11_000;

/** The samples, up to an instant: a day of twelve series, an hour of a hundred, thirty days of one. */
export const samplesUpTo = (to: number): Written[] => [
  { host: "month", metric: "bench_month", series: 1, stepMs: 15 * SECOND_MS, from: to - 31 * DAY_MS, to },
  { host: "day", metric: "bench_level", series: 12, stepMs: 15 * SECOND_MS, from: to - DAY_MS - HOUR_MS, to },
  { host: "hour", metric: "bench_hour", series: 100, stepMs: 5 * SECOND_MS, from: to - HOUR_MS - 10 * MINUTE_MS, to },
];

/** A question in the words of PromQL, and in those of the endpoint that charts ask. */
type Question = {
  name: string;
  host: string;
  promql: string;
  chart: Record<string, string>;
  spanMs: number;
  stepMs: number;
};

const SECOND_15 = 15 * SECOND_MS;
const MINUTE_5 = 5 * MINUTE_MS;

const QUESTIONS: Question[] = [
  {
    ...{ name: "1 series 1 h at 15 s", host: "day", spanMs: HOUR_MS, stepMs: SECOND_15 },
    ...{ promql: 'bench_level{n="0"}', chart: { series: 'bench_level{n="0"}' } },
  },
  {
    ...{ name: "12 series 24 h at 5 min", host: "day", spanMs: DAY_MS, stepMs: MINUTE_5 },
    ...{ promql: "avg_over_time(bench_level[5m])", chart: { series: "bench_level" } },
  },
  {
    ...{ name: "100 series 1 h at 5 s", host: "hour", spanMs: HOUR_MS, stepMs: 5 * SECOND_MS },
    ...{ promql: "bench_hour", chart: { series: "bench_hour" } },
  },
  {
    ...{ name: "p95, 12 series 24 h", host: "day", spanMs: DAY_MS, stepMs: MINUTE_5 },
    ...{ promql: "quantile_over_time(0.95, bench_level[5m])", chart: { series: "bench_level", aggregate: "p95" } },
  },
  {
    ...{ name: "1 series 30 d at 1 min", host: "month", spanMs: 30 * DAY_MS, stepMs: MINUTE_MS },
    ...{ promql: "avg_over_time(bench_month[1m])", chart: { series: "bench_month" } },
  },
  {
    ...{ name: "1 series 30 d at 1 h", host: "month", spanMs: 30 * DAY_MS, stepMs: HOUR_MS },
    ...{ promql: "avg_over_time(bench_month[1h])", chart: { series: "bench_month" } },
  },
];

type Part = { question: Question; from: number; to: number };

/** The parts of a question that are asked at once. */
function partsOf(question: Question, to: number, most: number): Part[] {
  const [parts, lengthMs]: [Part[], number] = [[], most * question.stepMs];
  for (let from = to - question.spanMs; from < to; from += lengthMs)
    parts.push({ question, from, to: Math.min(from + lengthMs, to) });
  return parts;
}

const promqlAddress = ({ question, from, to }: Part): string =>
  `/api/v1/query_range?${new URLSearchParams({
    ...{ query: question.promql, step: String(question.stepMs / SECOND_MS) },
    ...{ start: String(from / SECOND_MS), end: String((to - question.stepMs) / SECOND_MS) },
  })}`;

const chartAddress =
  (hosts: Map<string, number>) =>
  ({ question, from, to }: Part): string =>
    `/api/v1/metrics/query?${new URLSearchParams({
      ...{ host: String(hosts.get(question.host)), step: `${question.stepMs / SECOND_MS}s` },
      ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), ...question.chart },
    })}`;

/** Somebody who is asked, and by which addresses. */
export type Peer = { name: string; server: Server; health: string; most: number; address: (part: Part) => string };

/** How long an answer takes, ms, all of it read. @throws Error for what is no success */
async function ask({ url, headers }: Server, addresses: string[]): Promise<number> {
  const began = performance.now();
  for (const address of addresses) {
    const answer = await fetch(url + address, { headers });
    const body = await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${address}: ${answer.status} ${Buffer.from(body).toString().slice(0, 200)}`);
  }
  return performance.now() - began;
}

/** The medians of the peers, ms, asked in turns; the first is compared with the others. */
async function row(name: string, peers: Peer[], addresses: (peer: Peer) => string[]): Promise<BenchResult> {
  const times = peers.map((): number[] => []);
  for (let n = 0; n < REPEATS + WARM; n++)
    for (const [i, peer] of peers.entries()) {
      const ms = await ask(peer.server, addresses(peer));
      if (n >= WARM) times[i]?.push(ms);
    }
  const medians = times.map((all) => quantile(all, 0.5));
  return Object.fromEntries(peers.map((peer, i) => [`${name} | ${peer.name}`, round(medians[i] as number)]));
}

/** Asks peers the same in turns. */
export async function compare(peers: Peer[], to: number): Promise<BenchResult> {
  const result = await row("health", peers, ({ health }) => [health]);
  for (const question of QUESTIONS) {
    const end = Math.floor(to / question.stepMs) * question.stepMs;
    const addresses = ({ most, address }: Peer) => partsOf(question, end, most).map(address);
    Object.assign(result, await row(question.name, peers, addresses));
  }
  return result;
}

/** The portal by the endpoint of its charts and by Prometheus' API, and Debian's two. */
export function peersOf(
  { url, headers }: Server,
  hosts: Map<string, number>,
  others: { prometheus: string; victoria: string },
): Peer[] {
  const own = { health: "/api/v1/health", most: MAX_STEPS };
  const other = { health: "/health", most: MAX_STEPS, address: promqlAddress };
  const promql = (part: Part) => `/prometheus${promqlAddress(part)}`;
  return [
    { ...own, name: "Sightline", server: { url, headers }, address: chartAddress(hosts) },
    { ...own, name: "Sightline, PromQL", server: { url, headers }, address: promql },
    { ...other, name: "Prometheus", server: { url: others.prometheus, headers: {} }, health: "/-/healthy" },
    { ...other, name: "VictoriaMetrics", server: { url: others.victoria, headers: {} } },
  ];
}

/** The ids of the hosts that a portal has, by name. */
export async function hostsOf({ url, headers }: Server): Promise<Map<string, number>> {
  const answer = await fetch(`${url}/api/v1/hosts`, { headers });
  const hosts = (await answer.json()) as { id: number; name: string }[];
  return new Map(hosts.map(({ id, name }) => [name, id]));
}

async function measure(url: string, dir: string): Promise<BenchResult> {
  const to = Math.floor(Date.now() / MINUTE_5) * MINUTE_5;
  const samples = samplesUpTo(to);
  await storeCompacted(url, samples);
  const columns = samples.flatMap(columnsOf);
  const [prometheus, victoria] = [
    await DebianPrometheus.start(undefined, columns),
    await DebianVictoriaMetrics.start(),
  ];
  let portal: Awaited<ReturnType<typeof startPortal>> | undefined;
  try {
    await remoteWrite(victoria.url, columns);
    portal = await startPortal(`${dir}/portal`, { DATABASE_URL: url });
    const own = { url: portal.url, headers: await readerOf(portal) };
    // What starting leaves behind, it leaves to all.
    await sleep(20 * SECOND_MS);
    return await compare(peersOf(own, await hostsOf(own), { prometheus: prometheus.url, victoria: victoria.url }), to);
  } finally {
    await portal?.stop();
    prometheus.remove();
    victoria.remove();
  }
}

/** Requests over HTTP here, to Debian's Prometheus and to its VictoriaMetrics, with the same samples and in one run: medians, ms. */
export async function run(): Promise<BenchResult> {
  const missing = (await missingDebianPrometheus()) ?? (await missingDebianVictoriaMetrics());
  if (missing) throw new Error(missing);
  return onCluster(({ url }, dir) => measure(url, dir));
}
