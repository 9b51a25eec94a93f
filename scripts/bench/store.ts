import pg from "pg";
import { MAX_POINTS } from "#lib/contract/enums.ts";
import type { openDatabase } from "#lib/db/client.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import type { BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { drawnOut } from "./recording.ts";
import { say } from "./say.ts";
import { round } from "./statistics.ts";

const STEP_MS = 5_000;
const START = Date.UTC(2026, 0, 1);
const BATCH = 500;
const REPEATS = 9;

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

type Db = ReturnType<typeof openDatabase>;
type Recorded = ReturnType<typeof drawnOut>;
type Measured = { db: Db; client: pg.Client; recorded: Recorded };

/** Samples of one series a day. */
const COUNT = DAY_MS / STEP_MS;

/** Hosts of a day each that are compacted one after another: the first while the code is still cold. */
const DAYS_COMPACTED = 4;

/** One host, one day, every 5 s: stored, and read for 24 hours once compacted. */
async function measureDay(measured: Measured) {
  const { db, client, recorded } = measured;
  const { queryRange } = await import("#lib/tsdb/query.ts");
  const frames = Array.from({ length: COUNT }, (_, n) => ({
    at: START + n * STEP_MS,
    values: recorded.columns.map((c) => c[n] as number),
  }));
  const samples = COUNT * recorded.columns.length;
  const { hostId, ingestS } = await storeDay(measured, "bench", frames);
  say(`${samples} samples stored in ${round(ingestS)} s`);
  const plain = await measurePlain(client, frames.slice(0, 2_000));
  const { samplesPerSecond, cpuNanoseconds } = await compactDay(db, samples, recorded.columns.length);
  await client.query("VACUUM chunk");
  const bytes =
    (await bytesOf(client, "chunk")) + (await bytesOf(client, "series")) + (await bytesOf(client, "frame_schema"));
  const found = await db.series.findMany({ where: { hostId }, take: 12, orderBy: { id: "asc" } });
  const ids = found.map(({ id }) => String(id));
  const query24hMs = await medianMs(() =>
    queryRange(db, { hostId, series: ids, from: START, to: START + DAY_MS, points: 300 }),
  );
  const further: Awaited<ReturnType<typeof compactDay>>[] = [];
  for (let n = 1; n < DAYS_COMPACTED; n++) {
    await storeDay(measured, `bench ${n}`, frames);
    further.push(await compactDay(db, samples, recorded.columns.length));
  }
  const median = (pick: (day: (typeof further)[0]) => number) => Math.round(quantile(further.map(pick), 0.5));
  return {
    ...{ samples, bytesPerSample: round(bytes / samples), ...plain },
    ...{ compactSamplesPerSecond: samplesPerSecond, compactCpuNsPerSample: cpuNanoseconds },
    warmCompactSamplesPerSecond: median((day) => day.samplesPerSecond),
    warmCompactCpuNsPerSample: median((day) => day.cpuNanoseconds),
    ...{ ingestSamplesPerSecond: Math.round(samples / ingestS), query24hMs },
  };
}

type Frames = { at: number; values: number[] }[];

async function storeDay({ db, client, recorded: { series } }: Measured, name: string, frames: Frames) {
  const [{ registerHost }, { appendBulk, Registry }] = await Promise.all([
    import("#lib/hosts/hosts.ts"),
    import("#lib/tsdb/append.ts"),
  ]);
  const readings = series.map(([metric, labels], i) => ({ metric, labels, value: frames[0]?.values[i] ?? null }));
  const hostId = await registerHost(db, { machineId: name, name, system: {} });
  const target = await new Registry(db).resolve(hostId, { ...SHAPE, readings });
  const ingestS = await seconds(async () => {
    for (let n = 0; n < COUNT; n += BATCH)
      await appendBulk(client, [{ ...target, frames: frames.slice(n, n + BATCH) }]);
  });
  return { hostId, ingestS };
}

const SHAPE = { source: { kind: "host", name: "" }, at: START, intervalMs: STEP_MS };

/** The same frames as rows of the plain table. */
async function measurePlain(client: pg.Client, frames: Frames) {
  const plainS = await seconds(async () => {
    for (let n = 0; n < frames.length; n += 50) {
      const rows = frames
        .slice(n, n + 50)
        .flatMap(({ at, values }) => values.map((value, i) => [i, new Date(at), value] as const));
      await client.query("INSERT INTO plain SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::float8[])", [
        rows.map((r) => r[0]),
        rows.map((r) => r[1]),
        rows.map((r) => r[2]),
      ]);
    }
  });
  const samples = frames.reduce((sum, { values }) => sum + values.length, 0);
  return {
    plainBytesPerSample: round((await bytesOf(client, "plain")) / samples),
    plainIngestSamplesPerSecond: Math.round(samples / plainS),
  };
}

/** How fast a day is compacted; the processor time is that of this process, which a busy machine changes less than the speed. */
async function compactDay(db: Db, samples: number, width: number) {
  const { compactDue } = await import("#lib/tsdb/maintenance.ts");
  let compacted = 0;
  const cpuBefore = process.cpuUsage();
  const compactS = await seconds(async () => {
    compacted = (await compactDue(db, START + 10 * DAY_MS)).samples;
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  // The newest frame stays.
  if (compacted !== samples - width) throw new Error(`${compacted} of ${samples} samples were compacted`);
  say(`compacted in ${round(compactS)} s`);
  return {
    samplesPerSecond: Math.round(samples / compactS),
    cpuNanoseconds: Math.round(((user + system) * 1_000) / samples),
  };
}

/** One series, 90 days, every 5 s. */
async function storeLong({ db, client, recorded: { series, columns } }: Measured): Promise<number> {
  const [{ registerHost }, { appendBulk, Registry }, { compactDue }] = await Promise.all([
    import("#lib/hosts/hosts.ts"),
    import("#lib/tsdb/append.ts"),
    import("#lib/tsdb/maintenance.ts"),
  ]);
  const hostId = await registerHost(db, { machineId: "long", name: "long", system: {} });
  const readings = [{ metric: "cpu.usage", labels: {}, value: 0 }];
  const target = await new Registry(db).resolve(hostId, { ...SHAPE, readings });
  const cpu = columns[series.findIndex(([metric]) => metric === "cpu.usage")] as Float64Array;
  for (let day = 0; day < 90; day++) {
    const frames = Array.from({ length: COUNT }, (_, n) => ({
      at: START + day * DAY_MS + n * STEP_MS,
      values: [cpu[(n * 7 + day * 131) % COUNT] as number],
    }));
    await appendBulk(client, [{ ...target, frames }]);
    if (day % 30 === 29) say(`${day + 1} of 90 days stored`);
  }
  await compactDue(db, START + 100 * DAY_MS);
  return hostId;
}

/** Long queries, against the same of the plain table. */
async function measureLong(measured: Measured) {
  const { db, client } = measured;
  const hostId = await storeLong(measured);
  await client.query("TRUNCATE plain");
  await client.query(
    "INSERT INTO plain SELECT 1, t, random() FROM generate_series($1::timestamptz, $2::timestamptz, '5 seconds') t",
    [new Date(START), new Date(START + 30 * DAY_MS)],
  );
  await client.query("VACUUM ANALYZE plain");
  const [{ listSeries }, { queryRange }] = await Promise.all([
    import("#lib/tsdb/catalog.ts"),
    import("#lib/tsdb/query.ts"),
  ]);
  const [info] = await listSeries(db, hostId);
  if (!info) throw new Error("The series of the long host is missing");
  const over = (days: number, stepMs: number) => async () => {
    let points = 0;
    const [end, partMs] = [START + days * DAY_MS, MAX_POINTS * stepMs];
    for (let from = START; from < end; from += partMs) {
      const range = { hostId, series: [String(info.id)], from, to: Math.min(from + partMs, end), stepMs };
      points += (await queryRange(db, range)).series[0]?.points.length ?? 0;
    }
    if (points !== (days * DAY_MS) / stepMs) throw new Error(`${points} points`);
  };
  return {
    query30dMs: await medianMs(over(30, MINUTE_MS)),
    query90dMs: await medianMs(over(90, HOUR_MS)),
    plainQuery30dMs: await medianMs(() =>
      client.query(
        "SELECT date_bin('1 minute', time, '2026-01-01Z') AS at, avg(value) FROM plain WHERE series = 1 GROUP BY 1 ORDER BY 1",
      ),
    ),
  };
}

async function measure(url: string): Promise<BenchResult> {
  const { openDatabase } = await import("#lib/db/client.ts");
  const db = openDatabase(url, { maxConnections: 3, queryLimitMs: 600_000 });
  const client = new pg.Client({ connectionString: url });
  // When a step fails, the server is stopped under this: the step's own error is the one to show.
  client.on("error", () => undefined);
  await client.connect();
  await client.query("CREATE TABLE plain (series int, time timestamptz, value float8, PRIMARY KEY (series, time))");
  await client.query(
    "SELECT ensure_frame_partition(d::date) FROM generate_series($1::timestamptz, $2::timestamptz, '1 day') d",
    [new Date(START), new Date(START + 91 * DAY_MS)],
  );
  const measured = { db, client, recorded: drawnOut(COUNT) };
  const result = { ...(await measureDay(measured)), ...(await measureLong(measured)) };
  await client.end();
  await db.$disconnect();
  return result;
}
