import type { Finding, SeenStatement } from "#lib/databases/inspections/finding.ts";
import { inspect } from "#lib/databases/inspections/inspect.ts";
import { readStatementSpan } from "#lib/databases/store/history.ts";
import { findServer, keyOf, type ServerKey } from "#lib/databases/store/servers.ts";
import { readDayAgo, readSnapshots, type Summary } from "#lib/databases/store/snapshots.ts";
import { mergeDeltas } from "#lib/databases/store/statement-deltas.ts";
import { readStoredTexts } from "#lib/databases/store/statement-texts.ts";
import type { Connection } from "#lib/db/client.ts";
import type { DatabaseServer } from "#lib/db/generated/client.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

async function statementsOf(db: Connection, key: ServerKey, now: number): Promise<SeenStatement[]> {
  const { stored } = await readStatementSpan(db, key, { from: now - HOUR_MS, to: now });
  const all = mergeDeltas(stored.flatMap(({ value }) => value.statements));
  const texts = await readStoredTexts(
    db,
    key,
    all.map(({ queryId }) => queryId),
  );
  return all.flatMap((delta) => {
    const text = texts.get(delta.queryId)?.text;
    return text === undefined ? [] : [{ ...delta, text }];
  });
}

/** What is the matter with a server at `now` (ms), by what was last read of it, the gravest first. */
export async function inspectServer(
  db: Connection,
  server: Pick<DatabaseServer, "hostId" | "id" | "name">,
  now: number,
): Promise<Finding[]> {
  const key = keyOf(server);
  const [snapshots, dayAgo, statements] = await Promise.all([
    readSnapshots(db, [server.id]),
    readDayAgo(db, key, now),
    statementsOf(db, key, now),
  ]);
  return inspect({ name: server.name, now, snapshots: snapshots.get(server.id) ?? {}, dayAgo, statements });
}

/** What lists show of a server's findings. */
export function summaryOf(findings: Finding[]): Summary {
  const count = (level: Finding["severity"]) => findings.filter(({ severity }) => severity === level).length;
  return {
    critical: count("critical"),
    warning: count("warning"),
    info: count("info"),
    worst: findings[0]?.title ?? null,
  };
}

/** The findings of a server by its id. @throws DomainError not-found */
export const readFindings = async (db: Connection, id: number, now: number): Promise<Finding[]> =>
  inspectServer(db, await findServer(db, id), now);
