import { type AuditRow, readTrail } from "#lib/audit/trail.ts";
import type { Connection } from "#lib/db/client.ts";
import { BATCH, type Field, listTable } from "#lib/tables/list-table.ts";
import type { Table } from "#lib/tables/table.ts";

const FIELDS: Field<AuditRow>[] = [
  ["at", "Time", "time", (event) => event.at],
  ["user", "User", "text", (event) => event.email],
  ["action", "Action", "text", (event) => event.action],
  ["subject", "Subject", "text", (event) => event.subject],
  ["details", "Details", "text", (event) => JSON.stringify(event.details)],
  ["hash", "Hash", "text", (event) => event.hash],
];

/** The audit trail, oldest first. */
export function auditTable(db: Connection, span: { from: number; to: number }): Table {
  const batches = async function* () {
    for (let after = 0; ; ) {
      const events = await readTrail(db, span, after, BATCH);
      yield events;
      if (events.length < BATCH) return;
      after = events.at(-1)?.id ?? after;
    }
  };
  return listTable("Audit trail", FIELDS, batches());
}
