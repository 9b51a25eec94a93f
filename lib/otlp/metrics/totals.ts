import type { Database } from "#lib/db/client.ts";
import { type StreamPoint, streamKey } from "#lib/otlp/metrics/streams.ts";

/** What a stream added up to, and the totals and the time of before its newest point. */
export type Totals = { at: number; totals: number[]; beforeAt: number | undefined; before: number[] };

/** A point of differences, by the key of its stream. */
export type Addition = { key: Buffer; at: number; values: number[] };

type Row = { stream: Uint8Array; at: Date; totals: number[]; beforeAt: Date | null; before: number[] | null };

const toTotals = ({ at, totals, beforeAt, before }: Row): Totals => ({
  at: at.getTime(),
  totals,
  beforeAt: beforeAt?.getTime(),
  before: before ?? [],
});

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Numbers as PostgreSQL reads them without losing a digit. */
const arrayText = (values: number[]): string => `{${values.join(",")}}`;

/**
 * Adds differences up, in the database: there several processes share the totals, which a restart does not lose. What is not newer than a stream's last
 * point is not added again. Answers what each stream has come to, by the hex of its key; each stream may be there once. With `always`
 * a point is added whatever its time is, and moves behind the last one.
 */
export async function addTotals(
  db: Database,
  hostId: number,
  additions: Addition[],
  always = false,
): Promise<Map<string, Totals>> {
  if (additions.length === 0) return new Map();
  // In one order, so that two requests do not wait for each other.
  const rows = [...additions].sort((a, b) => Buffer.compare(a.key, b.key));
  const keys = rows.map(({ key }) => hexOf(key));
  const changed = await db.$queryRaw<Row[]>`
    INSERT INTO otlp_total AS t (host_id, stream, at, totals)
    SELECT ${hostId}, decode(i.stream, 'hex'), to_timestamp(i.at / 1000), i.totals::float8[]
    FROM unnest(${keys}::text[], ${rows.map(({ at }) => at)}::float8[], ${rows.map(({ values }) => arrayText(values))}::text[]) AS i (stream, at, totals)
    ON CONFLICT (host_id, stream) DO UPDATE SET
      totals = ARRAY(SELECT o + n FROM unnest(t.totals, excluded.totals) WITH ORDINALITY AS u (o, n, k) ORDER BY k),
      at = greatest(excluded.at, t.at + interval '1 ms'), before = t.totals, before_at = t.at
    WHERE ${always} OR t.at < excluded.at
    RETURNING stream, at, totals, before_at AS "beforeAt", before`;
  const found = new Map(changed.map((row) => [hexOf(row.stream), toTotals(row)]));
  const missing = keys.filter((key) => !found.has(key));
  if (missing.length === 0) return found;
  const there = await db.$queryRaw<Row[]>`
    SELECT stream, at, totals, before_at AS "beforeAt", before FROM otlp_total
    WHERE host_id = ${hostId} AND stream IN (SELECT decode(k, 'hex') FROM unnest(${missing}::text[]) k)`;
  for (const row of there) found.set(hexOf(row.stream), toTotals(row));
  return found;
}

/** How many streams of a host may be new beside those that there are, of `keys`; answers the keys of those that may be added up. */
export async function admitStreams(db: Database, hostId: number, keys: Buffer[], limit: number): Promise<Set<string>> {
  const wanted = [...new Set(keys.map(hexOf))];
  const [row] = await db.$queryRaw<{ count: number; there: string[] | null }[]>`
    SELECT (SELECT count(*)::int FROM otlp_total WHERE host_id = ${hostId}) AS count,
      (SELECT array_agg(encode(stream, 'hex')) FROM otlp_total
       WHERE host_id = ${hostId} AND stream IN (SELECT decode(k, 'hex') FROM unnest(${wanted}::text[]) k)) AS there`;
  const there = new Set(row?.there ?? []);
  const fresh = wanted.filter((key) => !there.has(key)).slice(0, Math.max(0, limit - (row?.count ?? 0)));
  return new Set([...there, ...fresh]);
}

/** Points of one stream must be added one after the other: the first of each, then the second, and so on. */
export function inRounds(points: StreamPoint[]): { key: Buffer; point: StreamPoint }[][] {
  const rounds: { key: Buffer; point: StreamPoint }[][] = [];
  const counts = new Map<string, number>();
  for (const point of [...points].sort((a, b) => a.at - b.at)) {
    const key = streamKey(point.stream);
    const text = key.toString("hex");
    const n = counts.get(text) ?? 0;
    counts.set(text, n + 1);
    const round = rounds[n];
    if (round) round.push({ key, point });
    else rounds[n] = [{ key, point }];
  }
  return rounds;
}
