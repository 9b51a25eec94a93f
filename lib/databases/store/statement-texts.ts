import { storable } from "#lib/contract/storable.ts";
import { withoutValues } from "#lib/databases/server/sql-text.ts";
import type { ServerKey } from "#lib/databases/store/servers.ts";
import type { Connection } from "#lib/db/client.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";

/** A statement that was not seen for so long is forgotten, with the hours that name it. */
const KEPT_MS = 36 * DAY_MS;
/** A statement's last sight is written once an hour. */
const SIGHT_MS = HOUR_MS;

export type StatementText = { queryId: string; text: string; firstSeenAt: Date; lastSeenAt: Date };

/** Which of some statements have no text yet; the others were seen at `at` (ms). */
export async function unknownTexts(db: Connection, key: ServerKey, queryIds: string[], at: number): Promise<string[]> {
  const ids = queryIds.map(BigInt);
  const rows = await db.databaseStatement.findMany({
    where: { ...key, queryId: { in: ids } },
    select: { queryId: true, lastSeenAt: true },
  });
  const old = rows.filter(({ lastSeenAt }) => at - lastSeenAt.getTime() > SIGHT_MS).map(({ queryId }) => queryId);
  if (old.length > 0)
    await db.databaseStatement.updateMany({
      where: { ...key, queryId: { in: old } },
      data: { lastSeenAt: new Date(at) },
    });
  const stored = new Set(rows.map(({ queryId }) => queryId.toString()));
  return queryIds.filter((id) => !stored.has(id));
}

/** Stores texts by query id, without the values that a server may have left in them. */
export async function saveTexts(db: Connection, key: ServerKey, texts: Map<string, string>, at: number): Promise<void> {
  const seen = new Date(at);
  await db.databaseStatement.createMany({
    data: [...texts].map(([id, text]) => ({
      ...key,
      queryId: BigInt(id),
      text: storable(withoutValues(text)),
      firstSeenAt: seen,
      lastSeenAt: seen,
    })),
    skipDuplicates: true,
  });
}

/** The texts of some statements by query id. */
export async function readStoredTexts(
  db: Connection,
  key: ServerKey,
  queryIds: string[],
): Promise<Map<string, StatementText>> {
  const rows = await db.databaseStatement.findMany({
    where: { ...key, queryId: { in: [...new Set(queryIds)].map(BigInt) } },
    select: { queryId: true, text: true, firstSeenAt: true, lastSeenAt: true },
  });
  return new Map(rows.map((row) => [row.queryId.toString(), { ...row, queryId: row.queryId.toString() }]));
}

/** Forgets statements that were not seen for five weeks before `now` (ms). */
export async function removeOldTexts(db: Connection, key: ServerKey, now: number): Promise<void> {
  await db.databaseStatement.deleteMany({ where: { ...key, lastSeenAt: { lt: new Date(now - KEPT_MS) } } });
}
