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
import { sumOfCpuSeconds } from "./process-costs.ts";
import { round } from "./statistics.ts";

const TARGETS = 20;
const SERIES = 500;
const SAMPLES_A_ROUND = TARGETS * SERIES;
/** Rounds in which both learn the series. */
const WARM_UP = 3;

const say = (text: string) => console.error(`… ${text}`);

/** How a Prometheus sends: samples in a request, and shards at once. Debian's of today sends 500 (1.0), those of version 3 send 2,000. */
type Sender = { name: string; batch: number; shards: number };
const SENDERS: Sender[] = [
  { name: "one", batch: 500, shards: 1 },
  { name: "four", batch: 500, shards: 4 },
  { name: "wide", batch: 2_000, shards: 1 },
];

type Series = { labels: Record<string, string>; n: number };

const seriesOf = (sender: string): Series[] =>
  Array.from({ length: SAMPLES_A_ROUND }, (_, n) => ({
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
function requests({ name, batch, shards }: Sender, from: number, rounds: number): Buffer<ArrayBuffer>[][] {
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

async function sendAll({ url, headers }: Receiver, shards: Buffer<ArrayBuffer>[][]): Promise<void> {
  await Promise.all(
    shards.map(async (bodies) => {
      for (const body of bodies) {
        const answer = await fetch(url, { method: "POST", headers: { ...VERSION_1, ...headers }, body });
        const text = await answer.text();
        if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text.slice(0, 300)}`);
      }
    }),
  );
}

/** Samples a second and CPU seconds for a million samples of a receiver. */
async function measure(receiver: Receiver, sender: Sender, from: number, rounds: number) {
  await sendAll(receiver, requests(sender, from, WARM_UP));
  const shards = requests(sender, from + WARM_UP * SECOND_MS, rounds);
  await sleep(2_000);
  const [cpu, began] = [sumOfCpuSeconds(receiver.pids()), performance.now()];
  await sendAll(receiver, shards);
  const seconds = (performance.now() - began) / SECOND_MS;
  const samples = rounds * SAMPLES_A_ROUND;
  return {
    perSecond: Math.round(samples / seconds),
    cpu: ((sumOfCpuSeconds(receiver.pids()) - cpu) / samples) * 1e6,
  };
}

const treeOf = (pid: number): number[] => [pid, ...descendants(pid).map((child) => child.pid)];

/** The parts of the portal that take part: the web process and PostgreSQL, whose processes for other workers are counted too. */
function receiverOf(portal: Portal, token: string): Record<"all" | "web" | "postgres", Receiver> {
  const url = `${portal.url}/prometheus/api/v1/write`;
  const headers = { authorization: `Bearer ${token}` };
  const web = () => [processOf(portal.pid, "web")];
  const postgres = () => treeOf(processOf(portal.pid, "postgres"));
  return {
    all: { url, headers, pids: () => [...web(), ...postgres()] },
    web: { url, headers, pids: web },
    postgres: { url, headers, pids: postgres },
  };
}

/** The same stream to the portal and to Debian's Prometheus, one after the other, as fast as each takes it. */
export async function run({ samples }: BenchOptions): Promise<BenchResult> {
  const missing = await missingDebianPrometheus();
  if (missing) throw new Error(missing);
  const dir = mkdtempSync(join(tmpdir(), "sightline-ingest-"));
  const portal = await startPortal(dir);
  const prometheus = await DebianPrometheus.start();
  try {
    const call = await becomeAdministrator(portal);
    const input = { name: "bench", kind: "remote_write", max_series: 100_000, max_samples_per_second: 10_000_000 };
    const { token } = (await call("POST", "/inputs", input)) as { token: string };
    const own = receiverOf(portal, token);
    const other = { url: `${prometheus.url}/api/v1/write`, headers: {}, pids: () => [prometheus.pid] };
    const rounds = Math.max(1, Math.round(samples / SAMPLES_A_ROUND / SENDERS.length));
    await sleep(10_000);
    const result: BenchResult = {};
    for (const sender of SENDERS) {
      const from = Date.now() - (rounds + WARM_UP) * SECOND_MS;
      const webBefore = sumOfCpuSeconds(own.web.pids());
      const ours = await measure(own.all, sender, from, rounds);
      const theirs = await measure(other, sender, from, rounds);
      say(`${sender.name}: web took ${round(sumOfCpuSeconds(own.web.pids()) - webBefore)} s in all`);
      result[`${sender.name}PerSecond`] = ours.perSecond;
      result[`${sender.name}PrometheusPerSecond`] = theirs.perSecond;
      result[`${sender.name}CpuPerMillion`] = round(ours.cpu);
      result[`${sender.name}PrometheusCpuPerMillion`] = round(theirs.cpu);
      result[`${sender.name}Ratio`] = round(ours.cpu / theirs.cpu);
    }
    return result;
  } finally {
    await portal.stop();
    prometheus.remove();
    rmSync(dir, { recursive: true, force: true });
  }
}
