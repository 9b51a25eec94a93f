import pg from "pg";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import type { WrittenSeries } from "../../tests/support/remote-write.ts";
import type { BenchOptions, BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { nodeExporterSeries } from "./node-exporter.ts";
import { bytesOfPrometheus, bytesOfVictoria } from "./peer-bytes.ts";
import { drawnOut } from "./recording.ts";
import { say } from "./say.ts";
import { round } from "./statistics.ts";

const STEP_MS = 5_000;
const COUNT = DAY_MS / STEP_MS;
const SPAN_MS = 6 * HOUR_MS;
const START = Date.UTC(2026, 0, 1);
/** So long that the first raw samples are taken away, and a month of hours is over. */
const DAYS = 35;
const RETENTION = { retention_raw_days: 30, retention_minute_days: 365, retention_hour_days: 1_826 };

type Totals = { raw: number; minute: number; hour: number; samples: number; table: number; walBytes: number };

async function totalsOf(client: pg.Client): Promise<Totals> {
  const { rows } = await client.query<Record<keyof Totals, string>>(`
    SELECT coalesce(sum(length(data)) FILTER (WHERE resolution = 0), 0) AS raw, coalesce(sum(length(data)) FILTER (WHERE resolution = 1), 0) AS minute,
      coalesce(sum(length(data)) FILTER (WHERE resolution = 2), 0) AS hour, coalesce(sum(count) FILTER (WHERE resolution = 0), 0) AS samples,
      pg_total_relation_size('chunk') AS "table", (SELECT wal_bytes FROM pg_stat_wal) AS "walBytes" FROM chunk`);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [name, Number(value)])) as Totals;
}

type Fill = {
  client: pg.Client;
  url: string;
  days: number;
  series: [string, Record<string, string>][];
  frame(n: number): number[];
};

/** One host, every 5 s: what has come is compacted every six hours, and what is too old is taken away and its room given back, every day. */
async function keep({ client, url, days, series, frame }: Fill): Promise<{ compactMs: number; compacted: number }> {
  const [{ openDatabase }, { registerHost }, { appendBulk, Registry }, maintenance] = await Promise.all([
    import("#lib/db/client.ts"),
    import("#lib/hosts/hosts.ts"),
    import("#lib/tsdb/append.ts"),
    import("#lib/tsdb/maintenance.ts"),
  ]);
  const db = openDatabase(url, { maxConnections: 3, queryLimitMs: 600_000 });
  const hostId = await registerHost(db, { machineId: "bench", name: "bench", system: {} });
  const readings = series.map(([metric, labels]) => ({ metric, labels, value: 0 }));
  const shape = { source: { kind: "host", name: "" }, at: START, intervalMs: STEP_MS };
  const target = await new Registry(db).resolve(hostId, { ...shape, readings });
  let [compactMs, compacted] = [0, 0];
  for (let at = START; at < START + days * DAY_MS; at += SPAN_MS) {
    await client.query("SELECT ensure_frame_partition($1::timestamptz::date)", [new Date(at)]);
    const first = (at - START) / STEP_MS;
    const frames = Array.from({ length: SPAN_MS / STEP_MS }, (_, n) => ({
      at: at + n * STEP_MS,
      values: frame(first + n),
    }));
    for (let n = 0; n < frames.length; n += 500)
      await appendBulk(client, [{ ...target, frames: frames.slice(n, n + 500) }]);
    const began = performance.now();
    compacted += (await maintenance.compactDue(db, at + SPAN_MS + HOUR_MS)).samples;
    compactMs += performance.now() - began;
    if ((at + SPAN_MS) % DAY_MS !== 0) continue;
    await maintenance.applyRetention(db, RETENTION, at + SPAN_MS);
    await maintenance.dropEmptyPartitions(db, at + SPAN_MS);
    await client.query("VACUUM chunk");
    if (((at + SPAN_MS - START) / DAY_MS) % 5 === 0) say(`${(at + SPAN_MS - START) / DAY_MS} of ${days} days`);
  }
  await db.$disconnect();
  return { compactMs, compacted };
}

/** The drawn-out recording, kept for a while. */
const measureMonth = (): Promise<BenchResult> =>
  onCluster(async ({ url }) => {
    const client = await connect(url);
    const { series, columns } = drawnOut(COUNT);
    const before = await totalsOf(client);
    const frame = (n: number) => columns.map((column) => column[n % COUNT] as number);
    const { compactMs, compacted } = await keep({ client, url, days: DAYS, series, frame });
    const totals = await totalsOf(client);
    await client.end();
    const { samples } = totals;
    return {
      days: DAYS,
      tableBytesPerSample: round(totals.table / samples),
      logicalBytesPerSample: round((totals.raw + totals.minute + totals.hour) / samples),
      rawBytesPerSample: round(totals.raw / samples),
      // Minutes and hours are kept longer than samples: of those, as many as came.
      minuteBytesPerSample: round(totals.minute / compacted),
      hourBytesPerSample: round(totals.hour / compacted),
      compactSamplesPerSecond: Math.round((compacted * 1000) / compactMs),
      walBytesPerSample: round((totals.walBytes - before.walBytes) / compacted),
    };
  });

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** Bytes a sample of the same samples: what our chunks hold, and what the others keep on the disk. */
async function compare(series: WrittenSeries[], name: string, { prometheus = true } = {}): Promise<BenchResult> {
  const { encodeSamples } = await import("#lib/tsdb/chunks/chunks.ts");
  const samples = series.reduce((sum, { values }) => sum + values.length, 0);
  let own = 0;
  for (const { times, values } of series) {
    const spans = Map.groupBy(values.keys(), (n) => Math.floor((times[n] as number) / SPAN_MS));
    for (const indexes of spans.values()) {
      const columns = {
        times: Float64Array.from(indexes, (n) => times[n] as number),
        values: Float64Array.from(indexes, (n) => values[n] as number),
      };
      own += encodeSamples({ ...columns, intervals: new Float64Array(indexes.length).fill(STEP_MS) }).length;
    }
  }
  say(`${name}: ${series.length} series, ${samples} samples`);
  const victoria = await bytesOfVictoria(series);
  return {
    [`${name}Samples`]: samples,
    [`${name}Raw`]: round(own / samples),
    ...(victoria && {
      [`${name}Victoria`]: round(victoria.data / samples),
      [`${name}VictoriaWithIndex`]: round(victoria.all / samples),
    }),
    ...(prometheus && { [`${name}Prometheus`]: round((await bytesOfPrometheus(series)) / samples) }),
  };
}

/** What a sample takes: after five weeks of compaction and retention, and beside others. */
export async function run({ minutes, file }: BenchOptions): Promise<BenchResult> {
  const { series, columns } = drawnOut(COUNT);
  const times = Array.from({ length: COUNT }, (_, n) => START + n * STEP_MS);
  const day = series.map(([metric, labels], n) => ({
    labels: { __name__: metric.replaceAll(".", "_"), ...labels },
    times,
    values: columns[n] as Float64Array,
  }));
  return {
    ...(await compare(await nodeExporterSeries(minutes, file), "node")),
    ...(await compare(day, "day", { prometheus: false })),
    ...(await measureMonth()),
  };
}
