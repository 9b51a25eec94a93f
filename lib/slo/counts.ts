import type { Connection, Database } from "#lib/db/client.ts";
import type { Events } from "#lib/slo/budget.ts";
import type { MinuteCount } from "#lib/slo/indicators.ts";

/**
 * Stores the minutes of [from, to) (ms) of an SLO in place of those that are there, and how far it is counted, all or nothing: the same minutes
 * counted twice are there once. Stores nothing where the indicator has changed meanwhile.
 */
export async function storeCounts(
  db: Database,
  { sloId, revision, from, to }: { sloId: number; revision: number; from: number; to: number },
  counts: readonly MinuteCount[],
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.slo.updateMany({
      where: { id: sloId, revision },
      data: { countedTo: new Date(to), problem: null },
    });
    if (count === 0) return false;
    await tx.sloCount.deleteMany({ where: { sloId, at: { gte: new Date(from), lt: new Date(to) } } });
    await tx.sloCount.createMany({
      data: counts.map(({ at, good, total }) => ({ sloId, at: new Date(at), good, total })),
    });
    return true;
  });
}

/** The events of an SLO in each of some windows (ms) that end at `to` (ms), by the window. */
export async function sumWindows(
  db: Connection,
  sloId: number,
  to: number,
  windows: readonly number[],
): Promise<Map<number, Events>> {
  const rows = await db.$queryRaw<{ ms: number; good: number; total: number }[]>`
    SELECT w.ms, coalesce(sum(c.good), 0)::float8 AS good, coalesce(sum(c.total), 0)::float8 AS total
    FROM unnest(${[...windows]}::float8[]) AS w(ms)
    LEFT JOIN slo_count c
      ON c.slo_id = ${sloId} AND c.at >= ${new Date(to)}::timestamptz - w.ms * interval '1 ms' AND c.at < ${new Date(to)}
    GROUP BY w.ms`;
  return new Map(rows.map(({ ms, good, total }) => [ms, { good, total }]));
}

/** The events of an SLO in steps of `stepMs` from `from` to `to` (ms), by the start of the step (ms); steps without events are left out. */
export async function sumSteps(
  db: Connection,
  sloId: number,
  { from, to, stepMs }: { from: number; to: number; stepMs: number },
): Promise<(Events & { at: number })[]> {
  const [first, last] = [new Date(from), new Date(to)];
  return db.$queryRaw<(Events & { at: number })[]>`
    SELECT (extract(epoch FROM date_bin(${stepMs}::float8 * interval '1 ms', at, ${first})) * 1000)::float8 AS at,
      sum(good)::float8 AS good, sum(total)::float8 AS total
    FROM slo_count WHERE slo_id = ${sloId} AND at >= ${first} AND at < ${last}
    GROUP BY 1 ORDER BY 1`;
}

/** When (ms) the first event of [from, to) that is stored happened; null without any. */
export async function firstEvent(db: Connection, sloId: number, from: number, to: number): Promise<Date | null> {
  const where = { sloId, at: { gte: new Date(from), lt: new Date(to) } };
  const first = await db.sloCount.findFirst({ where, orderBy: { at: "asc" }, select: { at: true } });
  return first?.at ?? null;
}

/** Removes counts from before an instant (ms). Answers how many. */
export const removeCountsBefore = async (db: Connection, before: number): Promise<number> =>
  (await db.sloCount.deleteMany({ where: { at: { lt: new Date(before) } } })).count;
