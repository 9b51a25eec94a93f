import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "#lib/time/durations.ts";
import { DebianPrometheus, missingDebianPrometheus } from "../../tests/support/debian-prometheus.ts";
import { descendants, type Portal, processOf, startPortal } from "../../tests/support/portal.ts";
import { encodeVersion1, VERSION_1 } from "../../tests/support/remote-write.ts";
import { snappy } from "../../tests/support/snappy.ts";
import type { BenchOptions, BenchResult } from "../bench.ts";
import { becomeAdministrator } from "./administrator.ts";
import { otlpRequests, POINTS_A_ROUND } from "./otlp-stream.ts";
import { sumOfCpuSeconds } from "./process-costs.ts";
import { say } from "./say.ts";
import { round } from "./statistics.ts";

const SERIES = 500;
/** Rounds in which both learn the series, and V8 compiles what is run often: a portal and a Prometheus run for months. */
const WARM_UP = 30;

/** How a Prometheus sends: samples in a request, and shards at once. Debian's of today sends 500 (1.0), those of version 3 send 2,000. */
type Sender = { name: string; batch: number; shards: number };
const SENDERS: Sender[] = [
  { name: "one", batch: 500, shards: 1 },
  { name: "four", batch: 500, shards: 4 },
  { name: "wide", batch: 2_000, shards: 1 },
];

type Series = { labels: Record<string, string>; n: number };

const seriesOf = (sender: string): Series[] =>
  Array.from({ length: POINTS_A_ROUND }, (_, n) => ({
    n,
    labels: {
      __name__: `app_request_duration_seconds_bucket`,
      ...{ job: sender, instance: `app-${Math.floor(n / SERIES)}.prod.example.com:9090`, region: "eu-central-1" },
      ...{
        method: "GET",
        status: "200",
        path: `/api/v1/items/${Math.floor((n % SERIES) / 20)}`,
        le: String((n % 20) / 10),
      },
    },
  }));

/** The requests of each shard, which it sends one after another: a scrape of all targets each second, cut where a request is full. */
function requests({ name, batch, shards }: Sender, from: number, rounds: number): Stream {
  const all = seriesOf(name);
  return Array.from({ length: shards }, (_, shard) => {
    const own = all.filter(({ n }) => n % shards === shard);
    const bodies: Buffer<ArrayBuffer>[] = [];
    let waiting: Parameters<typeof encodeVersion1>[0] = [];
    for (let second = 0; second < rounds; second++)
      for (const { labels, n } of own) {
        // All targets at instants of their own, as they are scraped.
        const at = from + second * SECOND_MS + Math.floor(n / SERIES) * 37;
        waiting.push({ labels, times: [at], values: Float64Array.of(second * (n % 20) + (n % 7)) });
        if (waiting.length < batch) continue;
        bodies.push(snappy(encodeVersion1(waiting)));
        waiting = [];
      }
    if (waiting.length > 0) bodies.push(snappy(encodeVersion1(waiting)));
    return bodies;
  });
}

type Receiver = { url: string; headers: Record<string, string>; pids(): number[] };
/** The requests of each shard of a sender. */
type Stream = Buffer<ArrayBuffer>[][];

async function sendAll({ url, headers }: Receiver, shards: Stream): Promise<void> {
  await Promise.all(
    shards.map(async (bodies) => {
      for (const body of bodies) {
        const answer = await fetch(url, { method: "POST", headers, body });
        const text = await answer.text();
        if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text.slice(0, 300)}`);
      }
    }),
  );
}

/** Samples a second and CPU seconds for a million samples of a receiver, from an instant (ms) on, once it knows the series. */
async function measure(
  receiver: Receiver,
  { make, from, rounds }: { make: (from: number, rounds: number) => Stream; from: number; rounds: number },
) {
  // Both are made first, which takes seconds: connections that the receiver closed meanwhile are noticed before they are used.
  const [warmUp, shards] = [make(from, WARM_UP), make(from + WARM_UP * SECOND_MS, rounds)];
  await sleep(500);
  await sendAll(receiver, warmUp);
  await sleep(2_000);
  const [cpu, began] = [sumOfCpuSeconds(receiver.pids()), performance.now()];
  await sendAll(receiver, shards);
  const seconds = (performance.now() - began) / SECOND_MS;
  const samples = rounds * POINTS_A_ROUND;
  return {
    perSecond: Math.round(samples / seconds),
    cpu: ((sumOfCpuSeconds(receiver.pids()) - cpu) / samples) * 1e6,
  };
}

/** Workers that look at what came: they stand still meanwhile, so that what PostgreSQL does is done for the input. */
const OTHERS = /dist\/(background|recorder|collector)\.js/;

async function withoutOthers<T>(portal: Portal, work: () => Promise<T>): Promise<T> {
  const others = descendants(portal.pid).filter(({ command }) => OTHERS.test(command));
  for (const { pid } of others) process.kill(pid, "SIGSTOP");
  try {
    return await work();
  } finally {
    for (const { pid } of others) process.kill(pid, "SIGCONT");
  }
}

const PROTOBUF = { "content-type": "application/x-protobuf" };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const treeOf = (pid: number): number[] => [pid, ...descendants(pid).map((child) => child.pid)];

/** The parts of the portal that take part: the web process and PostgreSQL, whose processes for other workers are counted too. */
function receiverOf(
  portal: Portal,
  path: string,
  ofKind: Record<string, string>,
): Record<"all" | "web" | "postgres", Receiver> {
  const url = `${portal.url}${path}`;
  const headers = { ...PROTOBUF, ...ofKind };
  const web = () => [processOf(portal.pid, "web")];
  const postgres = () => treeOf(processOf(portal.pid, "postgres"));
  return {
    all: { url, headers, pids: () => [...web(), ...postgres()] },
    web: { url, headers, pids: web },
    postgres: { url, headers, pids: postgres },
  };
}

const LIMITS = { max_series: 100_000, max_samples_per_second: 10_000_000 };
const OTLP = [
  ["otlpPoints", "metrics", "/v1/metrics"],
  ["otlpSpans", "traces", "/v1/traces"],
] as const;

/** Counters' points, and spans, by OTLP: Debian's Prometheus receives neither. */
async function measureOtlp(portal: Portal, token: string, rounds: number): Promise<BenchResult> {
  const result: BenchResult = {};
  for (const [key, kind, path] of OTLP) {
    const receiver = receiverOf(portal, path, bearer(token)).all;
    const make = (start: number, count: number) => [otlpRequests(kind, start, count)];
    const from = Date.now() - (rounds + WARM_UP) * SECOND_MS;
    const measured = await withoutOthers(portal, () => measure(receiver, { make, from, rounds }));
    result[`${key}PerSecond`] = measured.perSecond;
    result[`${key}CpuPerMillion`] = round(measured.cpu);
  }
  return result;
}

/** The same stream to the portal and to Debian's Prometheus, one after the other, as fast as each takes it. */
export async function run({ samples }: BenchOptions): Promise<BenchResult> {
  const missing = await missingDebianPrometheus();
  if (missing) throw new Error(missing);
  const dir = mkdtempSync(join(tmpdir(), "sightline-ingest-"));
  const portal = await startPortal(dir);
  const prometheus = await DebianPrometheus.start();
  try {
    const { call } = await becomeAdministrator(portal);
    const add = async (kind: string) =>
      ((await call("POST", "/inputs", { name: kind, kind, ...LIMITS })) as { token: string }).token;
    const own = receiverOf(portal, "/prometheus/api/v1/write", { ...VERSION_1, ...bearer(await add("remote_write")) });
    const other = { url: `${prometheus.url}/api/v1/write`, headers: VERSION_1, pids: () => [prometheus.pid] };
    const rounds = Math.max(1, Math.round(samples / POINTS_A_ROUND / SENDERS.length));
    await sleep(10_000);
    const result: BenchResult = {};
    for (const sender of SENDERS) {
      const from = Date.now() - (rounds + WARM_UP) * SECOND_MS;
      const make = (start: number, count: number) => requests(sender, start, count);
      const webBefore = sumOfCpuSeconds(own.web.pids());
      const ours = await withoutOthers(portal, () => measure(own.all, { make, from, rounds }));
      const theirs = await measure(other, { make, from, rounds });
      say(`${sender.name}: web took ${round(sumOfCpuSeconds(own.web.pids()) - webBefore)} s in all`);
      result[`${sender.name}PerSecond`] = ours.perSecond;
      result[`${sender.name}PrometheusPerSecond`] = theirs.perSecond;
      result[`${sender.name}CpuPerMillion`] = round(ours.cpu);
      result[`${sender.name}PrometheusCpuPerMillion`] = round(theirs.cpu);
      result[`${sender.name}Ratio`] = round(ours.cpu / theirs.cpu);
    }
    return { ...result, ...(await measureOtlp(portal, await add("otlp"), rounds)) };
  } finally {
    await portal.stop();
    prometheus.remove();
    rmSync(dir, { recursive: true, force: true });
  }
}
