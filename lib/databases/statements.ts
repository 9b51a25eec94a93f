import type { z } from "zod";
import type { statementHistory, statementRow } from "#lib/contract/database-rows.ts";
import type { DatabaseSort } from "#lib/contract/enums.ts";
import { readStatementSpan } from "#lib/databases/store/history.ts";
import { findServer, keyOf } from "#lib/databases/store/servers.ts";
import { mergeDeltas, REST, type StatementDelta, sumOf } from "#lib/databases/store/statement-deltas.ts";
import { readStoredTexts } from "#lib/databases/store/statement-texts.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";

type StatementRow = z.output<typeof statementRow>;
type StatementHistory = z.output<typeof statementHistory>;

const SORTS: Record<DatabaseSort, (row: StatementRow) => number> = {
  total: ({ totalMs }) => totalMs,
  mean: ({ meanMs }) => meanMs,
  calls: ({ calls }) => calls,
  rows: ({ rows }) => rows,
  io: ({ ioMs, blocksRead }) => ioMs * 1e6 + blocksRead,
  temp: ({ tempBlocks }) => tempBlocks,
};

const REST_TEXT = "All other statements";
const UNKNOWN_TEXT = "Its text was no longer there when it was looked for";

function rowOf(group: StatementDelta[], allMs: number, text: string): StatementRow {
  const [first] = group as [StatementDelta, ...StatementDelta[]];
  const { queryId, database } = first;
  const { calls, ms, rows, hit, read, ioMs, temp, wal } = sumOf(queryId, group);
  return {
    ...{ queryId, text, database, calls, rows, ioMs },
    users: [...new Set(group.map(({ user }) => user).filter(Boolean))].sort(),
    ...{ totalMs: ms, meanMs: calls > 0 ? ms / calls : 0, share: allMs > 0 ? ms / allMs : 0 },
    ...{ blocksHit: hit, blocksRead: read, tempBlocks: temp, walBytes: wal },
  };
}

/** The statements of [from, to) in ms by what they cost; of several users of one database as one. @throws DomainError not-found */
export async function listStatements(
  db: Connection,
  id: number,
  { from, to, sort, limit }: { from: number; to: number; sort: DatabaseSort; limit: number },
): Promise<StatementRow[]> {
  const key = keyOf(await findServer(db, id));
  const { stored } = await readStatementSpan(db, key, { from, to });
  const all = mergeDeltas(stored.flatMap(({ value }) => value.statements));
  const allMs = all.reduce((sum, { ms }) => sum + ms, 0);
  const groups = Map.groupBy(all, ({ queryId, database }) => `${queryId}/${database}`);
  const rows = [...groups.values()].map((group) => rowOf(group, allMs, ""));
  const listed = rows.sort((a, b) => SORTS[sort](b) - SORTS[sort](a)).slice(0, limit);
  const texts = await readStoredTexts(
    db,
    key,
    listed.map(({ queryId }) => queryId),
  );
  return listed.map((row) => ({
    ...row,
    text: row.queryId === REST ? REST_TEXT : (texts.get(row.queryId)?.text ?? UNKNOWN_TEXT),
  }));
}

/** What a statement did in [from, to) in ms, by minutes or hours, of all databases and users together. @throws DomainError not-found */
export async function readStatementHistory(
  db: Connection,
  id: number,
  { query, from, to }: { query: string; from: number; to: number },
): Promise<StatementHistory> {
  const key = keyOf(await findServer(db, id));
  const text = (await readStoredTexts(db, key, [query])).get(query);
  if (!text) throw new DomainError("not-found", `The statement ${query} was not seen on this server`);
  const { stepS, stored } = await readStatementSpan(db, key, { from, to });
  const points = stored.map(({ at, value }) => {
    const own = value.statements.filter(({ queryId }) => queryId === query);
    const { calls, ms, rows } = sumOf(query, own);
    return { at: new Date(at), calls, rows, meanMs: calls > 0 ? ms / calls : 0 };
  });
  return { ...text, stepS, points };
}
