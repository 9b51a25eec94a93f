import type { MetricKind } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { findOrCreate } from "#lib/db/unique.ts";
import type { Labels, SourceRef } from "#lib/metrics/frame.ts";
import { MAX_WIDTH, roomOf } from "#lib/tsdb/foreign/schemas.ts";
import type { GrowingSource } from "#lib/tsdb/foreign/slot.ts";

export type SeriesRow = {
  id: number;
  sourceId: number;
  metric: string;
  labelsKey: string;
  kind: MetricKind;
  unit: string;
  help: string;
};

type Wanted = {
  key: string;
  source: SourceRef;
  origin: string;
  metric: string;
  labels: Labels;
  labelsKey: string;
  kind?: MetricKind | undefined;
  unit?: string | undefined;
  help?: string | undefined;
};

type Rooms = Map<string, GrowingSource[]>;

const SHOWN = { id: true, sourceId: true, metric: true, labelsKey: true, kind: true, unit: true, help: true } as const;

/** The rows of series, those that there are not made. What they are said to be is taken over. Within a transaction that holds the host's lock. */
export async function findOrCreateSeries(
  tx: Connection,
  hostId: number,
  wanted: Wanted[],
  rooms: Rooms,
): Promise<(SeriesRow & { origin: string })[]> {
  const stored = await tx.series.findMany({
    where: {
      hostId,
      metric: { in: [...new Set(wanted.map(({ metric }) => metric))] },
      labelsKey: { in: [...new Set(wanted.map(({ labelsKey }) => labelsKey))] },
    },
    select: SHOWN,
    orderBy: { id: "asc" },
  });
  const byKey = Map.groupBy(stored, ({ metric, labelsKey }) => `${metric}\n${labelsKey}`);
  const compacted = await compactedIds(tx, hostId, wanted, byKey);
  const rows: (SeriesRow & { origin: string })[] = [];
  const missing: Wanted[] = [];
  for (const entry of wanted) {
    const row = chooseRow(byKey.get(entry.key) ?? [], entry.kind, compacted);
    if (!row) missing.push(entry);
    else rows.push({ ...(await describe(tx, hostId, row, entry)), origin: entry.origin });
  }
  return [...rows, ...(await createSeries(tx, hostId, missing, rooms))];
}

/** Of a series' rows, one a kind, that of its kind; one of another kind may become it as long as nothing of it was rolled up. */
function chooseRow(rows: SeriesRow[], kind: MetricKind | undefined, compacted: Set<number>): SeriesRow | undefined {
  if (kind === undefined) return rows.at(-1);
  return rows.find((row) => row.kind === kind) ?? rows.findLast(({ id }) => !compacted.has(id));
}

/** Which series have chunks, of those that are said to be of another kind. */
async function compactedIds(
  tx: Connection,
  hostId: number,
  wanted: Wanted[],
  byKey: Map<string, SeriesRow[]>,
): Promise<Set<number>> {
  const ids = wanted.flatMap(({ key, kind }) =>
    (byKey.get(key) ?? []).flatMap((row) => (kind !== undefined && row.kind !== kind ? [row.id] : [])),
  );
  if (ids.length === 0) return new Set();
  const rows = await tx.$queryRaw<{ id: number }[]>`
    SELECT w.id FROM unnest(${ids}::int[]) AS w (id)
    WHERE EXISTS (SELECT FROM chunk c WHERE c.host_id = ${hostId} AND c.series_id = w.id)`;
  return new Set(rows.map(({ id }) => id));
}

async function describe(tx: Connection, hostId: number, row: SeriesRow, said: Wanted): Promise<SeriesRow> {
  const data = { kind: said.kind ?? row.kind, unit: said.unit ?? row.unit, help: said.help ?? row.help };
  if (data.kind === row.kind && data.unit === row.unit && data.help === row.help) return row;
  await tx.series.update({ where: { hostId_id: { hostId, id: row.id } }, data, select: { id: true } });
  return { ...row, ...data };
}

/** Makes series, in sources that have room for them. */
async function createSeries(
  tx: Connection,
  hostId: number,
  missing: Wanted[],
  rooms: Rooms,
): Promise<(SeriesRow & { origin: string })[]> {
  if (missing.length === 0) return [];
  const data: (Omit<SeriesRow, "id"> & { hostId: number; labels: Labels })[] = [];
  const originOf = new Map<number, string>();
  for (const [origin, series] of Map.groupBy(missing, (entry) => entry.origin)) {
    const sources = (rooms.get(origin) ?? []).map((source) => ({ id: source.id, room: roomOf(source) }));
    for (const { metric, labels, labelsKey, kind = "gauge", unit = "", help = "", source } of series) {
      let free = sources.find(({ room }) => room > 0);
      if (!free) {
        free = { id: await createSource(tx, hostId, source, sources.length), room: MAX_WIDTH };
        sources.push(free);
      }
      free.room -= 1;
      originOf.set(free.id, origin);
      data.push({ hostId, sourceId: free.id, metric, labels, labelsKey, kind, unit, help });
    }
  }
  const rows = await tx.series.createManyAndReturn({ data, select: SHOWN });
  return rows.map((row) => ({ ...row, origin: originOf.get(row.sourceId) ?? "" }));
}

/** The next part of a source: the first has its name, others a number behind it. */
async function createSource(tx: Connection, hostId: number, { kind, name }: SourceRef, parts: number): Promise<number> {
  const named = { hostId, kind, name: parts === 0 ? name : `${name} #${parts + 1}` };
  const { id } = await findOrCreate(
    () => tx.source.findUnique({ where: { hostId_kind_name: named }, select: { id: true } }),
    () => tx.source.createMany({ data: named, skipDuplicates: true }),
  );
  return id;
}
