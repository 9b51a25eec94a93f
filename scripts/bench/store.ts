import pg from "pg";
import { quantile } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import type { BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { drawnOut } from "./recording.ts";
import { round } from "./statistics.ts";

const STEP_MS = 5_000;
const START = Date.UTC(2026, 0, 1);
const BATCH = 500;
const REPEATS = 9;

const say = (text: string) => console.error(`… ${text}`);

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Median of repeats, ms, after one that warms up. */
async function medianMs(work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let n = 0; n < REPEATS; n++) times.push((await seconds(work)) * 1000);
  return round(quantile(times, 0.5));
}

async function bytesOf(client: pg.Client, like: string): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    "SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class WHERE relkind = 'r' AND relname LIKE $1",
    [like],
  );
  return Number(rows[0]?.bytes ?? 0);
}

/** The store against a plain table (series, time, value; primary key on both), in one run on one server. */
export const run = (): Promise<BenchResult> => onCluster(({ url }) => measure(url));

async function measure(url: string): Promise<BenchResult> {
  const [{ openDatabase }, { registerHost }, { appendBulk, Registry }, { compactDue }, query, bucket] =
    await Promise.all([
      import("#lib/db/client.ts"),
      import("#lib/hosts/hosts.ts"),
      import("#lib/tsdb/append.ts"),
      import("#lib/tsdb/maintenance.ts"),
      import("#lib/tsdb/query.ts"),
      import("#lib/tsdb/points.ts"),
    ]);
  const db = openDatabase(url, { maxConnections: 3, queryLimitMs: 600_000 });
  const client = new pg.Client({ connectionString: url });
  // When a step fails, the server is stopped under this: the step's own error is the one to show.
  client.on("error", () => undefined);
  await client.connect();
  await client.query("CREATE TABLE plain (series int, time timestamptz, value float8, PRIMARY KEY (series, time))");
  const partitions = (days: number) =>
    client.query(
      "SELECT ensure_frame_partition(d::date) FROM generate_series($1::timestamptz, $2::timestamptz, '1 day') d",
      [new Date(START), new Date(START + days * DAY_MS)],
    );

  // One host, one day, every 5 s.
  const count = DAY_MS / STEP_MS;
  const { series, columns } = drawnOut(count);
  const readings = series.map(([metric, labels], i) => ({ metric, labels, value: columns[i]?.[0] ?? null }));
  const hostId = await registerHost(db, { machineId: "bench", name: "bench", system: {} });
  const target = await new Registry(db).resolve(hostId, {
    source: { kind: "host", name: "" },
    at: START,
    intervalMs: STEP_MS,
    readings,
  });
  const frames = Array.from({ length: count }, (_, n) => ({
    at: START + n * STEP_MS,
    values: columns.map((c) => c[n] as number),
  }));
  const samples = count * columns.length;
  await partitions(91);

  const ingestS = await seconds(async () => {
    for (let n = 0; n < count; n += BATCH)
      await appendBulk(client, [{ ...target, frames: frames.slice(n, n + BATCH) }]);
  });
  say(`${samples} samples stored in ${round(ingestS)} s`);
  const plainFrames = frames.slice(0, 2_000);
  const plainS = await seconds(async () => {
    for (let n = 0; n < plainFrames.length; n += 50) {
      const rows = plainFrames
        .slice(n, n + 50)
        .flatMap(({ at, values }) => values.map((value, i) => [i, new Date(at), value] as const));
      await client.query("INSERT INTO plain SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::float8[])", [
        rows.map((r) => r[0]),
        rows.map((r) => r[1]),
        rows.map((r) => r[2]),
      ]);
    }
  });
  const plainSamples = plainFrames.length * columns.length;
  const plainBytes = await bytesOf(client, "plain");
  let compacted = 0;
  const compactS = await seconds(async () => {
    compacted = (await compactDue(db, START + 10 * DAY_MS)).samples;
  });
  // The newest frame stays.
  if (compacted !== samples - columns.length) throw new Error(`${compacted} of ${samples} samples were compacted`);
  say(`compacted in ${round(compactS)} s`);
  await client.query("VACUUM chunk");
  const sealedBytes =
    (await bytesOf(client, "chunk")) + (await bytesOf(client, "series")) + (await bytesOf(client, "frame_schema"));

  const ids = (await db.series.findMany({ where: { hostId }, take: 12, orderBy: { id: "asc" } })).map(({ id }) =>
    String(id),
  );
  const query24hMs = await medianMs(() =>
    query.queryRange(db, { hostId, series: ids, from: START, to: START + DAY_MS, points: 300 }),
  );

  // One series, 90 days, every 5 s.
  const longHost = await registerHost(db, { machineId: "long", name: "long", system: {} });
  const one = {
    source: { kind: "host" as const, name: "" },
    at: START,
    intervalMs: STEP_MS,
    readings: [{ metric: "cpu.usage", labels: {}, value: 0 }],
  };
  const longTarget = await new Registry(db).resolve(longHost, one);
  const cpu = columns[series.findIndex(([metric]) => metric === "cpu.usage")] as Float64Array;
  for (let day = 0; day < 90; day++) {
    const rows = Array.from({ length: count }, (_, n) => ({
      at: START + day * DAY_MS + n * STEP_MS,
      values: [cpu[(n * 7 + day * 131) % count] as number],
    }));
    await appendBulk(client, [{ ...longTarget, frames: rows }]);
    if (day % 30 === 29) say(`${day + 1} of 90 days stored`);
  }
  await compactDue(db, START + 100 * DAY_MS);
  await client.query("TRUNCATE plain");
  await client.query(
    "INSERT INTO plain SELECT 1, t, random() FROM generate_series($1::timestamptz, $2::timestamptz, '5 seconds') t",
    [new Date(START), new Date(START + 30 * DAY_MS)],
  );
  await client.query("VACUUM ANALYZE plain");
  const [info] = await (await import("#lib/tsdb/catalog.ts")).listSeries(db, longHost);
  if (!info) throw new Error("The series of the long host is missing");
  const over = (days: number, stepMs: number) => async () => {
    const range = { from: START, to: START + days * DAY_MS, stepMs };
    const buckets = await query.readBuckets(db, { hostId: longHost, sourceId: info.sourceId }, range, [info], 0);
    const points = bucket.toPoints(buckets.get(info.id) ?? [], stepMs, "avg");
    if (points.length !== (days * DAY_MS) / stepMs) throw new Error(`${points.length} points`);
  };
  const query30dMs = await medianMs(over(30, MINUTE_MS));
  const query90dMs = await medianMs(over(90, HOUR_MS));
  const plainQuery30dMs = await medianMs(() =>
    client.query(
      "SELECT date_bin('1 minute', time, '2026-01-01Z') AS at, avg(value) FROM plain WHERE series = 1 GROUP BY 1 ORDER BY 1",
    ),
  );
  await client.end();
  await db.$disconnect();
  return {
    samples,
    bytesPerSample: round(sealedBytes / samples),
    plainBytesPerSample: round(plainBytes / plainSamples),
    ingestSamplesPerSecond: Math.round(samples / ingestS),
    plainIngestSamplesPerSecond: Math.round(plainSamples / plainS),
    compactSamplesPerSecond: Math.round(samples / compactS),
    query24hMs,
    query30dMs,
    query90dMs,
    plainQuery30dMs,
  };
}
