import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { openDatabase } from "#lib/db/client.ts";
import type { Cluster } from "#lib/db/embedded/cluster.ts";
import { processesIn } from "#lib/db/embedded/process.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import type { appendBulk, Registry } from "#lib/tsdb/append.ts";
import type { BenchOptions, BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { sumOfCpuSeconds } from "./process-costs.ts";
import { say } from "./say.ts";
import { round } from "./statistics.ts";

const HOSTS = 1_000;
const SERIES = 100;
const INTERVAL_MS = 10_000;
const SLICES = 100;
const CHURN = 100_000;
const BURST = 300;

/** CPU seconds that all processes of the server have used so far, those that ended included: their parent has their times. */
const serverCpuSeconds = (dir: string): number => sumOfCpuSeconds(processesIn(join(dir, "postgres")));

/** 1,000 hosts of 100 series every 10 s through lib/tsdb for a while, then as fast as it goes, then series that come and go. */
export const run = ({ minutes }: BenchOptions): Promise<BenchResult> =>
  onCluster((cluster, dir) => measure(cluster, dir, Math.min(minutes, 2)));

type Db = ReturnType<typeof openDatabase>;
type Target = Awaited<ReturnType<Registry["resolve"]>>;
type Slice = (n: number, at: number) => Parameters<typeof appendBulk>[1];

async function registerAll(db: Db, start: number): Promise<Target[]> {
  const [{ Registry }, { registerHost }] = await Promise.all([
    import("#lib/tsdb/append.ts"),
    import("#lib/hosts/hosts.ts"),
  ]);
  const readings = Array.from({ length: SERIES }, (_, n) => ({
    metric: "load.test",
    labels: { n: String(n) },
    value: 0,
  }));
  const shape = { source: { kind: "host", name: "" }, at: start, intervalMs: INTERVAL_MS, readings };
  const targets: Target[] = [];
  for (let n = 0; n < HOSTS; n++) {
    const hostId = await registerHost(db, { machineId: `load-${n}`, name: `load-${n}`, system: {} });
    targets.push(await new Registry(db).resolve(hostId, shape));
    if (n % 250 === 249) say(`${n + 1} hosts registered`);
  }
  return targets;
}

const randomValues = () => Array.from({ length: SERIES }, () => Math.round(Math.random() * 10_000) / 100);

/** As it would come: a hundredth of the hosts every tenth of a second. */
async function storePaced(client: pg.Client, slice: Slice, { start, rounds, dir }: Paced) {
  const { appendBulk } = await import("#lib/tsdb/append.ts");
  const lags: number[] = [];
  const [began, cpu, own] = [performance.now(), serverCpuSeconds(dir), process.cpuUsage()];
  for (let roundNo = 0; roundNo < rounds; roundNo++) {
    for (let n = 0; n < SLICES; n++) {
      const due = began + roundNo * INTERVAL_MS + (n * INTERVAL_MS) / SLICES;
      await sleep(Math.max(due - performance.now(), 0));
      await appendBulk(client, slice(n, start + roundNo * INTERVAL_MS));
      lags.push(performance.now() - due);
    }
    say(`${roundNo + 1} of ${rounds} rounds of 100,000 samples`);
  }
  const seconds = (performance.now() - began) / 1000;
  const usage = process.cpuUsage(own);
  return {
    samplesPerSecond: Math.round((rounds * HOSTS * SERIES) / seconds),
    durableLagMsP50: round(quantile(lags, 0.5)),
    durableLagMsP99: round(quantile(lags, 0.99)),
    serverCpuPercentOfOneCore: round((100 * (serverCpuSeconds(dir) - cpu)) / seconds),
    writerCpuPercentOfOneCore: round((usage.user + usage.system) / 10_000 / seconds),
  };
}

type Paced = { start: number; rounds: number; dir: string };

/** As fast as it goes, one connection: samples a second. */
async function storeBurst(client: pg.Client, slice: Slice, start: number): Promise<number> {
  const { appendBulk } = await import("#lib/tsdb/append.ts");
  const began = performance.now();
  for (let n = 0; n < BURST; n++)
    await appendBulk(client, slice(n % SLICES, start + HOUR_MS + Math.floor(n / SLICES) * INTERVAL_MS));
  return Math.round((BURST * (HOSTS / SLICES) * SERIES) / ((performance.now() - began) / 1000));
}

/** Median of a query of half an hour, before and after its host had many series that are gone, ms. */
async function queryAcrossChurn(db: Db, client: pg.Client, { hostId, sourceId }: Target, start: number) {
  const { queryRange } = await import("#lib/tsdb/query.ts");
  const query = async () => {
    const times: number[] = [];
    for (let n = 0; n < 15; n++) {
      const began = performance.now();
      await queryRange(db, { hostId, series: ["load.test"], from: start, to: start + HOUR_MS / 2, points: 180 });
      times.push(performance.now() - began);
    }
    return round(quantile(times, 0.5));
  };
  const queryMsBeforeChurn = await query();
  await client.query(
    `INSERT INTO series (host_id, source_id, metric, labels_key, labels, unit, kind, help)
     SELECT $1, $2, 'short.lived', 'pid="' || n || '"', jsonb_build_object('pid', n::text), 'count', 'gauge', '' FROM generate_series(1, ${CHURN}) n`,
    [hostId, sourceId],
  );
  await client.query("ANALYZE series");
  return { queryMsBeforeChurn, queryMsAfterChurn: await query() };
}

async function measure(cluster: Cluster, dir: string, minutes: number): Promise<BenchResult> {
  const { openDatabase } = await import("#lib/db/client.ts");
  const db = openDatabase(cluster.url, { maxConnections: 3, queryLimitMs: 120_000 });
  const client = new pg.Client({ connectionString: cluster.url });
  // When a step fails, the server is stopped under this: the step's own error is the one to show.
  client.on("error", () => undefined);
  await client.connect();
  const start = Math.floor(Date.now() / INTERVAL_MS) * INTERVAL_MS - HOUR_MS;
  await client.query(
    "SELECT ensure_frame_partition(d::date) FROM generate_series(now() - interval '1 day', now() + interval '1 day', '1 day') d",
  );
  const targets = await registerAll(db, start);
  const slice: Slice = (n, at) =>
    targets
      .slice((n * HOSTS) / SLICES, ((n + 1) * HOSTS) / SLICES)
      .map((target) => ({ ...target, frames: [{ at, values: randomValues() }] }));
  const rounds = Math.round((minutes * MINUTE_MS) / INTERVAL_MS);
  const paced = await storePaced(client, slice, { start, rounds, dir });
  const burstSamplesPerSecond = await storeBurst(client, slice, start);
  const queries = await queryAcrossChurn(db, client, targets[0] as Target, start);
  await client.end();
  await db.$disconnect();
  return { hosts: HOSTS, ...paced, burstSamplesPerSecond, ...queries };
}
