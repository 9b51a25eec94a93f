import { type Identity, isPreloaded } from "#lib/databases/read/identity.ts";
import { quoteName } from "#lib/databases/server/sql-text.ts";
import { reasonOf } from "#lib/log.ts";

/** Something that could not be read, and the command that grants it. */
export type Failure = { part: string; message: string; sql: string | null };

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

function preload({ libraries }: Identity): Failure {
  const all = [libraries, "pg_stat_statements"].filter(Boolean).join(", ");
  return {
    part: "statements",
    message:
      "The library pg_stat_statements is not loaded: no statements are recorded. It takes a restart of the server",
    sql: `ALTER SYSTEM SET shared_preload_libraries = ${literal(all)};\n-- then restart the server, and:\nCREATE EXTENSION pg_stat_statements;`,
  };
}

/** What is missing at a server, each with the command that grants it. */
export function missingOf(identity: Identity): Failure[] {
  const { user, database, readsAll, statements } = identity;
  const missing: Failure[] = [];
  if (!readsAll)
    missing.push({
      part: "rights",
      message: `${user} does not see what other users do: sessions, statements, sizes and replication stay hidden`,
      sql: `GRANT pg_monitor TO ${quoteName(user)};`,
    });
  if (!isPreloaded(identity)) missing.push(preload(identity));
  else if (!statements)
    missing.push({
      part: "statements",
      message: `The extension pg_stat_statements is not installed in the database ${database}: no statements are read`,
      sql: `-- in the database ${database}:\nCREATE EXTENSION pg_stat_statements;`,
    });
  return missing;
}

/** Why a part could not be read, with the command that grants it where it is a privilege that is missing. */
export function failureOf(part: string, error: unknown, user: string): Failure {
  const { code } = error as { code?: string };
  const message = reasonOf(error);
  if (code === "42501") return { part, message, sql: `GRANT pg_monitor TO ${quoteName(user)};` };
  // 55000 is what the library answers where it is installed but not loaded.
  if (code === "55000" && /shared_preload_libraries/.test(message))
    return {
      part,
      message,
      sql: "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements';\n-- then restart the server",
    };
  if (code === "57014") return { part, message: `It took longer than its limit: ${message}`, sql: null };
  return { part, message, sql: null };
}
