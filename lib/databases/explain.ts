import { readIdentity } from "#lib/databases/read/identity.ts";
import { readTexts } from "#lib/databases/read/statements.ts";
import { connectionReason, type ServerSession, withSession } from "#lib/databases/server/connection.ts";
import { explainable } from "#lib/databases/server/explainable.ts";
import { quoteName, withoutValues } from "#lib/databases/server/sql-text.ts";
import { findServer, targetOf } from "#lib/databases/store/servers.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError, isDomainError } from "#lib/errors.ts";
import { reasonOf } from "#lib/log.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

const STATEMENT_MS = 5 * SECOND_MS;
const MOST_TEXT = 1_000_000;
const GENERIC_PLAN = 160_000;
/** Since this version there is pg_read_all_data. */
const READ_ALL_ROLE = 140_000;

const conflict = (message: string) => new DomainError("conflict", message);

/** EXPLAIN takes these; whatever else a statement begins with has no plan. */
const EXPLAINED = /^(\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()*(select|insert|update|delete|merge|with|values|table)\b/i;

/** The number of parameters: the highest that stands in the text. */
const parameterCount = (text: string): number =>
  Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));

type Plan = { "QUERY PLAN": string };

/** Before 16 a prepared statement whose plan is forced to be generic is explained with no values: nothing is executed either way. */
async function explainPrepared(session: ServerSession, text: string): Promise<Plan[]> {
  await session.rows("SET LOCAL plan_cache_mode = force_generic_plan");
  await session.rows(`PREPARE sightline_plan AS ${text}`);
  const nulls = Array.from({ length: parameterCount(text) }, () => "NULL").join(", ");
  return session.rows<Plan>(`EXPLAIN EXECUTE sightline_plan${nulls && `(${nulls})`}`);
}

async function explain(session: ServerSession, queryId: string): Promise<string> {
  const identity = await readIdentity(session);
  if (!identity.statements)
    throw conflict(
      `The plan is read in ${identity.database}, which has no pg_stat_statements: CREATE EXTENSION pg_stat_statements;`,
    );
  const stored = (await readTexts(session, identity, [queryId], MOST_TEXT)).get(queryId);
  if (stored === undefined)
    throw new DomainError("not-found", "pg_stat_statements does not hold this statement any more");
  const text = explainable(stored);
  // The server's own text, and yet it is sent as a part of another statement: it must be one.
  if (withoutValues(text).includes(";") || !EXPLAINED.test(text))
    throw conflict("Only SELECT, INSERT, UPDATE, DELETE and MERGE have a plan");
  await session.rows("BEGIN READ ONLY");
  try {
    const rows =
      identity.versionNum >= GENERIC_PLAN
        ? await session.rows<Plan>(`EXPLAIN (GENERIC_PLAN, COSTS, FORMAT TEXT) ${text}`)
        : await explainPrepared(session, text);
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  } catch (error) {
    if (session.isBroken || isDomainError(error)) throw error;
    const denied = (error as { code?: string }).code === "42501";
    const right = identity.versionNum >= READ_ALL_ROLE ? "pg_read_all_data" : "SELECT ON ALL TABLES IN SCHEMA public";
    const remedy = denied
      ? `. Plans take the right to read the tables: GRANT ${right} TO ${quoteName(identity.user)};`
      : "";
    throw conflict(`The server makes no plan of it: ${reasonOf(error)}${remedy}`);
  } finally {
    if (!session.isBroken) await session.rows("ROLLBACK").catch(() => undefined);
  }
}

/**
 * The plan of a statement that pg_stat_statements holds, with generic parameters, in a transaction that reads only and is rolled back: nothing is
 * executed. Text from a reader is never sent. @throws DomainError not-found, conflict where there is no plan or the server is away
 */
export async function explainStatement(
  db: Connection,
  id: number,
  { queryId, database }: { queryId: string; database: string },
): Promise<{ plan: string; database: string }> {
  const server = await findServer(db, id);
  if (server.kind !== "postgres") throw conflict("PgBouncer makes no plans: look at the server behind it");
  const target = targetOf(server);
  try {
    const plan = await withSession(target, (session) => explain(session, queryId), {
      ...(database !== "" && { database }),
      statementMs: STATEMENT_MS,
    });
    return { plan, database };
  } catch (error) {
    if (isDomainError(error)) throw error;
    throw conflict(`${server.name}: ${connectionReason(error)}`);
  }
}
