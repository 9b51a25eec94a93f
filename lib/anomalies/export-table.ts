import { anomalyTimeline } from "#lib/anomalies/count-anomalies.ts";
import { type AnomalyFilter, type AnomalyInfo, listAnomalies } from "#lib/anomalies/list-anomalies.ts";
import { type IncidentInfo, listIncidents } from "#lib/anomalies/list-incidents.ts";
import { SEVERITIES } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { BATCH, type Field, listTable, pages } from "#lib/tables/list-table.ts";
import type { LineChart, Table } from "#lib/tables/table.ts";

const ANOMALY: Field<AnomalyInfo>[] = [
  ["detected_at", "Detected", "time", (row) => row.detectedAt],
  ["ended_at", "Ended", "time", (row) => row.endedAt],
  ["host", "Host", "text", (row) => row.host],
  ["series", "Series", "text", (row) => row.series],
  ["type", "Type", "text", (row) => row.type],
  ["severity", "Severity", "text", (row) => row.severity],
  ["status", "Status", "text", (row) => row.status],
  ["value", "Value", "number", (row) => row.value],
  ["expected", "Expected", "number", (row) => row.expected],
  ["score", "Score", "number", (row) => row.score],
  ["confidence", "Confidence", "share", (row) => row.confidence],
  ["reason", "Reason", "text", (row) => row.reason],
  ["note", "Note", "text", (row) => row.note],
];

async function anomalyChart(db: Connection, { hostId, from, to }: AnomalyFilter): Promise<LineChart> {
  const { steps } = await anomalyTimeline(db, { hostId, from, to, points: 100 });
  const lines = SEVERITIES.map((name) => ({
    name,
    points: steps.map((step): [number, number] => [step.at, step[name]]),
  }));
  return { title: "Anomalies", unit: "count", rate: false, lines };
}

/** Anomalies, newest first, with how many began when. */
export const anomaliesTable = (db: Connection, filter: AnomalyFilter): Table => ({
  ...listTable(
    "Anomalies",
    ANOMALY,
    pages(async (skip) => (await listAnomalies(db, filter, { skip, take: BATCH })).anomalies),
  ),
  attachments: async () => ({ charts: [await anomalyChart(db, filter)], sheets: [] }),
});

const INCIDENT: Field<IncidentInfo>[] = [
  ["started_at", "Started", "time", (row) => row.startedAt],
  ["ended_at", "Ended", "time", (row) => row.endedAt],
  ["host", "Host", "text", (row) => row.host],
  ["title", "Title", "text", (row) => row.title],
  ["severity", "Severity", "text", (row) => row.severity],
  ["status", "Status", "text", (row) => row.status],
  ["assigned_to", "Assigned to", "text", (row) => row.assignedTo],
  ["anomalies", "Anomalies", "number", (row) => row.anomalies.length],
  ["first", "Changed first", "text", (row) => row.anomalies.find(({ order }) => order === 1)?.series ?? null],
  ["reason", "Reason", "text", (row) => row.anomalies.find(({ order }) => order === 1)?.reason ?? null],
  ["series", "Series", "text", (row) => row.anomalies.map(({ series }) => series).join(", ")],
];

/** Incidents, newest first. */
export const incidentsTable = (
  db: Connection,
  filter: { hostId?: number | undefined; from: number; to: number },
): Table =>
  listTable(
    "Incidents",
    INCIDENT,
    pages((skip) => listIncidents(db, filter, BATCH, skip)),
  );
