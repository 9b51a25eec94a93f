import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Cluster } from "#lib/db/embedded/cluster.ts";
import { processesIn } from "#lib/db/embedded/process.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import type { BenchOptions, BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { round } from "./statistics.ts";

const HOSTS = 1_000;
const SERIES = 100;
const INTERVAL_MS = 10_000;
const SLICES = 100;
const CHURN = 100_000;
const TICKS_PER_SECOND = 100;

const say = (text: string) => console.error(`… ${text}`);

/** CPU seconds that all processes of the server have used so far. */
function serverCpuSeconds(dir: string): number {
  return processesIn(join(dir, "postgres")).reduce((sum, pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return sum + (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }, 0);
}

/** 1,000 hosts of 100 series every 10 s through lib/tsdb for a while, then as fast as it goes, then series that come and go. */
export const run = ({ minutes }: BenchOptions): Promise<BenchResult> =>
  onCluster((cluster, dir) => measure(cluster, dir, Math.min(minutes, 2)));

async function measure(cluster: Cluster, dir: string, minutes: number): Promise<BenchResult> {
  const [{ openDatabase }, { appendBulk, Registry }, { registerHost }, { queryRange }] = await Promise.all([
    import("#lib/db/client.ts"),
    import("#lib/tsdb/append.ts"),
    import("#lib/hosts/hosts.ts"),
    import("#lib/tsdb/query.ts"),
  ]);
  const db = openDatabase(cluster.url, { maxConnections: 3, queryLimitMs: 120_000 });
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  const start = Math.floor(Date.now() / INTERVAL_MS) * INTERVAL_MS - HOUR_MS;
  await client.query(
    "SELECT ensure_frame_partition(d::date) FROM generate_series(now() - interval '1 day', now() + interval '1 day', '1 day') d",
  );
  const readings = Array.from({ length: SERIES }, (_, n) => ({
    metric: "load.test",
    labels: { n: String(n) },
    value: 0,
  }));
  const targets: Awaited<ReturnType<InstanceType<typeof Registry>["resolve"]>>[] = [];
  for (let n = 0; n < HOSTS; n++) {
    const hostId = await registerHost(db, { machineId: `load-${n}`, name: `load-${n}`, system: {} });
    targets.push(
      await new Registry(db).resolve(hostId, {
        source: { kind: "host", name: "" },
        at: start,
        intervalMs: INTERVAL_MS,
        readings,
      }),
    );
    if (n % 250 === 249) say(`${n + 1} hosts registered`);
  }
  const values = () =>
    Float64Array.from({ length: SERIES }, () => Math.round(Math.random() * 10_000) / 100) as unknown as number[];
  const slice = (n: number, at: number) =>
    targets
      .slice((n * HOSTS) / SLICES, ((n + 1) * HOSTS) / SLICES)
      .map((target) => ({ ...target, frames: [{ at, values: values() }] }));

  // As it would come: a hundredth of the hosts every tenth of a second.
  const lags: number[] = [];
  const [began, cpu, own] = [performance.now(), serverCpuSeconds(dir), process.cpuUsage()];
  const rounds = Math.round((minutes * MINUTE_MS) / INTERVAL_MS);
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
  const serverCpuPercent = (100 * (serverCpuSeconds(dir) - cpu)) / seconds;
  const usage = process.cpuUsage(own);

  // As fast as it goes, one connection.
  const burstFrom = performance.now();
  for (let n = 0; n < 300; n++)
    await appendBulk(client, slice(n % SLICES, start + HOUR_MS + Math.floor(n / SLICES) * INTERVAL_MS));
  const burstSamples = 300 * (HOSTS / SLICES) * SERIES;
  const burstS = (performance.now() - burstFrom) / 1000;

  const host = targets[0]?.hostId ?? 0;
  const ask = async () => {
    const times: number[] = [];
    for (let n = 0; n < 15; n++) {
      const from = performance.now();
      await queryRange(db, { hostId: host, series: ["load.test"], from: start, to: start + 1_800_000, points: 180 });
      times.push(performance.now() - from);
    }
    return quantile(times, 0.5);
  };
  const beforeChurn = await ask();
  await client.query(
    `INSERT INTO series (host_id, source_id, metric, labels_key, labels)
     SELECT $1, $2, 'short.lived', 'pid="' || n || '"', jsonb_build_object('pid', n::text) FROM generate_series(1, ${CHURN}) n`,
    [host, targets[0]?.sourceId],
  );
  await client.query("ANALYZE series");
  const afterChurn = await ask();
  await client.end();
  await db.$disconnect();
  return {
    hosts: HOSTS,
    samplesPerSecond: Math.round((rounds * HOSTS * SERIES) / seconds),
    durableLagMsP50: round(quantile(lags, 0.5)),
    durableLagMsP99: round(quantile(lags, 0.99)),
    serverCpuPercentOfOneCore: round(serverCpuPercent),
    writerCpuPercentOfOneCore: round((usage.user + usage.system) / 10_000 / seconds),
    burstSamplesPerSecond: Math.round(burstSamples / burstS),
    queryMsBeforeChurn: round(beforeChurn),
    queryMsAfterChurn: round(afterChurn),
  };
}
