import { type AlertInfo, listAlertPage } from "#lib/alerts/list-alerts.ts";
import type { Connection } from "#lib/db/client.ts";
import { BATCH, type Field, listTable, pages } from "#lib/tables/list-table.ts";
import type { Table } from "#lib/tables/table.ts";

const ALERT: Field<AlertInfo>[] = [
  ["started_at", "Started", "time", (row) => row.startedAt],
  ["fired_at", "Fired", "time", (row) => row.firedAt],
  ["ended_at", "Ended", "time", (row) => row.endedAt],
  ["host", "Host", "text", (row) => row.host],
  ["rule", "Rule", "text", (row) => row.rule],
  ["severity", "Severity", "text", (row) => row.severity],
  ["state", "State", "text", (row) => row.state],
  ["series", "Series", "text", (row) => row.series],
  ["summary", "Summary", "text", (row) => row.summary],
  ["value", "Value", "number", (row) => row.value],
  ["acknowledged_at", "Acknowledged", "time", (row) => row.acknowledgedAt],
  ["acknowledged_by", "Acknowledged by", "text", (row) => row.acknowledgedBy],
  ["assigned_to", "Assigned to", "text", (row) => row.assignedTo],
  ["comment", "Comment", "text", (row) => row.comment],
];

/** Alerts that began in [from, to), ms, newest first. */
export const alertsTable = (db: Connection, filter: { hostId?: number | undefined; from: number; to: number }): Table =>
  listTable(
    "Alerts",
    ALERT,
    pages((skip) => listAlertPage(db, filter, { skip, take: BATCH })),
  );
