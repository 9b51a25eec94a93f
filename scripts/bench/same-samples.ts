import pg from "pg";
import { DAY_MS } from "#lib/time/durations.ts";
import type { WrittenSeries } from "../../tests/support/remote-write.ts";

// Samples that are put into several stores, so that these can be asked the same.

/** A part of the samples: a source of one host, whose series all have a sample each `stepMs` of [from, to], ms since the epoch. */
export type Written = { host: string; metric: string; series: number; stepMs: number; from: number; to: number };

const valueAt = (metric: string, series: number, n: number): number =>
  metric === "bench_level" ? 50 + 40 * Math.sin(n / 50 + series) + (n % 13) / 7 : n * (series + 1) * 3 + (n % 11);

async function store(url: string, { host, metric, series, stepMs, from, to }: Written): Promise<void> {
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
  const target = await new Registry(db).resolve(hostId, { source, at: from, intervalMs: stepMs, readings });
  const frames = Array.from({ length: (to - from) / stepMs + 1 }, (_, n) => ({
    at: from + n * stepMs,
    values: readings.map((_, i) => valueAt(metric, i, n)),
  }));
  for (let n = 0; n < frames.length; n += 500)
    await appendBulk(client, [{ ...target, frames: frames.slice(n, n + 500) }]);
  await client.end();
  await db.$disconnect();
}

/** The same samples as remote write sends them. */
export const columnsOf = ({ host, metric, series, stepMs, from, to }: Written): WrittenSeries[] =>
  Array.from({ length: series }, (_, n) => {
    const times = Array.from({ length: (to - from) / stepMs + 1 }, (_, i) => from + i * stepMs);
    const values = Float64Array.from(times, (_, i) => valueAt(metric, n, i));
    return { labels: { __name__: metric, host, n: String(n) }, times, values };
  });

/** Stores samples in the database of a portal, compacted as far as they are due. */
export async function storeCompacted(url: string, all: readonly Written[]): Promise<void> {
  for (const written of all) await store(url, written);
  const [{ compactDue }, { openDatabase }] = await Promise.all([
    import("#lib/tsdb/maintenance.ts"),
    import("#lib/db/client.ts"),
  ]);
  const db = openDatabase(url);
  await compactDue(db, Date.now());
  await db.$disconnect();
}

/** The way to ask a server of Prometheus' API, and what it wants to hear first. */
export type Server = { url: string; headers: Record<string, string> };
