import type { Counters, StatementReading, StatementTotals } from "#lib/databases/read/statements.ts";

/** What a statement did since the reading before. */
export type StatementDelta = StatementTotals;

/** Stands for all that are not among those that are kept. */
export const REST = "0";

const FIELDS = ["calls", "ms", "rows", "hit", "read", "ioMs", "temp", "wal"] as const satisfies (keyof Counters)[];

const keyOf = ({ queryId, database, user }: StatementTotals) => `${queryId}/${database}/${user}`;

/** Counters that fell were reset in between: what they show has come since. */
function growth(now: StatementTotals, before: Counters | undefined): StatementDelta {
  const base = before && FIELDS.every((field) => now[field] >= before[field] - 1e-6) ? before : undefined;
  const grown = FIELDS.map((field): [keyof Counters, number] => [
    field,
    Math.max(0, now[field] - (base?.[field] ?? 0)),
  ]);
  return { ...now, ...Object.fromEntries(grown) };
}

/**
 * What each statement did between two readings of one run of a server. A statement that was not there before is new, or was dropped and came again:
 * its counters began at zero. After a reset all did. Those that were not called are left out.
 */
export function statementDeltas(before: StatementReading, now: StatementReading): StatementDelta[] {
  const reset = before.resetAt !== now.resetAt;
  const old = new Map(reset ? [] : before.rows.map((row) => [keyOf(row), row]));
  return now.rows.map((row) => growth(row, old.get(keyOf(row)))).filter(({ calls }) => calls > 0);
}

/** The sum of some, as one statement. */
export function sumOf(queryId: string, deltas: StatementDelta[]): StatementDelta {
  const sum = { queryId, database: "", user: "", calls: 0, ms: 0, rows: 0, hit: 0, read: 0, ioMs: 0, temp: 0, wal: 0 };
  for (const delta of deltas) for (const field of FIELDS) sum[field] += delta[field];
  return sum;
}

/** The `most` that took most time, and all others as one. */
export function largest(deltas: StatementDelta[], most: number): StatementDelta[] {
  const sorted = deltas.toSorted((a, b) => b.ms - a.ms);
  const rest = sorted.slice(most);
  return rest.length === 0 ? sorted : [...sorted.slice(0, most), sumOf(REST, rest)];
}

/** Adds up those of one statement, database and user. */
export function mergeDeltas(deltas: StatementDelta[]): StatementDelta[] {
  const groups = Map.groupBy(deltas, keyOf);
  return [...groups.values()].map((group) => {
    const [first] = group as [StatementDelta, ...StatementDelta[]];
    return { ...sumOf(first.queryId, group), database: first.database, user: first.user };
  });
}
