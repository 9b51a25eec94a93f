import { listServers } from "#lib/databases/list-servers.ts";
import { listStatements } from "#lib/databases/statements.ts";
import { REST } from "#lib/databases/store/statement-deltas.ts";
import type { Connection } from "#lib/db/client.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** A statement that took more time around an instant than before: seconds that it ran in each second. */
type StatementMover = { queryId: string; text: string; database: string; before: number; after: number };

/** Statements of a database server that came to take more time, the greatest change first; `rise` is what all of them came to take more. */
export type StatementMovers = { serverId: number; server: string; rise: number; rows: StatementMover[] };

/** For so long statements are kept by the minute. */
const KEPT_MS = 3 * DAY_MS;
const AROUND_MS = 5 * MINUTE_MS;
const BEFORE_MS = 30 * MINUTE_MS;
const MOST = 200;
const SHOWN = 3;

/** Which statements of a host's database servers took more time in the minutes around an instant (ms) than in the half hour before; servers of which nothing is kept by the minute at `now` (ms) are left out. */
export async function explainByStatements(
  db: Connection,
  hostId: number,
  at: number,
  now: number,
): Promise<StatementMovers[]> {
  if (at - MINUTE_MS - BEFORE_MS < now - KEPT_MS) return [];
  const servers = (await listServers(db, hostId, now)).filter(({ kind }) => kind === "postgres");
  const found = await Promise.all(
    servers.map(async ({ id, name }): Promise<StatementMovers> => {
      const read = async (from: number, to: number) => {
        const rows = await listStatements(db, id, { from, to, sort: "total", limit: MOST });
        return rows.map((row) => ({ ...row, load: row.totalMs / SECOND_MS / ((to - from) / SECOND_MS) }));
      };
      const [after, before] = await Promise.all([
        read(at - MINUTE_MS, Math.min(at + AROUND_MS, Math.max(now, at))),
        read(at - MINUTE_MS - BEFORE_MS, at - MINUTE_MS),
      ]);
      const usual = new Map(before.map(({ queryId, database, load }) => [`${queryId}/${database}`, load]));
      const rows = after
        .map(({ queryId, text, database, load }) => {
          return { queryId, text, database, before: usual.get(`${queryId}/${database}`) ?? 0, after: load };
        })
        .filter((row) => row.after > row.before)
        .sort((a, b) => b.after - b.before - (a.after - a.before));
      const rise = rows.reduce((sum, row) => sum + row.after - row.before, 0);
      return { serverId: id, server: name, rise, rows: rows.filter(({ queryId }) => queryId !== REST).slice(0, SHOWN) };
    }),
  );
  return found.filter(({ rows }) => rows.length > 0);
}
