import { assertMay } from "#lib/access/permissions.ts";
import { alertsTable } from "#lib/alerts/export-table.ts";
import { anomaliesTable, incidentsTable } from "#lib/anomalies/export-table.ts";
import { EXPORT_PERMISSIONS, type ExportRequest } from "#lib/contract/export-requests.ts";
import { may } from "#lib/contract/permissions.ts";
import type { Database } from "#lib/db/client.ts";
import { invalidField } from "#lib/errors.ts";
import { experimentsTable, resultsTable } from "#lib/experiments/export-table.ts";
import { listExperiments, readExperiment } from "#lib/experiments/read-experiments.ts";
import { readResults } from "#lib/experiments/read-results.ts";
import { auditTable } from "#lib/exports/audit-table.ts";
import { expressionTable } from "#lib/exports/expression.ts";
import { assertExportable, type Exporter } from "#lib/exports/limits.ts";
import { samplesTable } from "#lib/exports/samples.ts";
import { hostsTable } from "#lib/hosts/export-table.ts";
import { findHost, listHosts } from "#lib/hosts/hosts.ts";
import { insightsTable } from "#lib/insights/export-table.ts";
import { readInsights } from "#lib/insights/insights.ts";
import { readReport, reportTable } from "#lib/reports/library.ts";
import type { Table } from "#lib/tables/table.ts";
import { parseSpan } from "#lib/time/instant.ts";
import { findSeries } from "#lib/tsdb/query.ts";

export type ExportReader = Exporter & { now: number };

/** An export before its first row: its file's name, what the audit trail says of it, and about how many rows come. */
export type PreparedExport = {
  table: Table;
  name: string;
  details: Record<string, string | number>;
  rows: number | null;
};

type RequestOf<K extends ExportRequest["kind"]> = Extract<ExportRequest, { kind: K }>;

function assertStepped({ step, aggregate, by, top }: RequestOf<"samples">): void {
  if (step || !(aggregate || by || top)) return;
  const message = "Name a step, such as 5m: raw samples are neither joined nor aggregated";
  throw invalidField("step", message);
}

/** A range as the audit trail's readers read it. */
const formatRange = ({ from, to }: { from: number; to: number }) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/** How a kind of export is opened: each feature offers its table. */
type Opener<K extends ExportRequest["kind"]> = (
  db: Database,
  request: RequestOf<K>,
  reader: ExportReader,
) => Promise<Pick<PreparedExport, "table" | "name"> & Partial<PreparedExport>>;

const OPENERS: { [K in ExportRequest["kind"]]: Opener<K> } = {
  async samples(db, request, { now, ...exporter }) {
    assertStepped(request);
    const { kind: _, host: id, from, to, step: stepMs, layout, ...query } = request;
    const host = await findHost(db, id);
    const span = parseSpan({ from, to }, now);
    const series = await findSeries(db, host.id, request.series);
    const wanted = { ...query, ...span, host, series, stepMs, wide: layout === "wide" };
    const rows = await assertExportable(db, wanted, exporter);
    const details = { host: host.name, series: request.series.join(" "), ...formatRange(span), rows };
    return { table: await samplesTable(db, wanted), name: `samples-${host.name}`, details, rows };
  },
  async expression(db, { query, from, to, step: stepMs, layout }, { now, ...exporter }) {
    const span = parseSpan({ from, to }, now);
    const wanted = { query, ...span, stepMs, wide: layout === "wide" };
    const { table, rows } = await expressionTable(db, wanted, exporter);
    return { table, name: "expression", details: { query, ...formatRange(span), rows }, rows };
  },
  async anomalies(db, request, { now }) {
    const { host: hostId, severity: severities, status: statuses, type: types, incident: incidentId } = request;
    const span = parseSpan(request, now);
    const filter = { hostId, severities, statuses, types, incidentId, ...span };
    return { table: anomaliesTable(db, filter), name: "anomalies", details: formatRange(span) };
  },
  async incidents(db, request, { now }) {
    const span = parseSpan(request, now);
    const table = incidentsTable(db, { hostId: request.host, ...span });
    return { table, name: "incidents", details: formatRange(span) };
  },
  async alerts(db, request, { now }) {
    const span = parseSpan(request, now);
    const table = alertsTable(db, { hostId: request.host, ...span });
    return { table, name: "alerts", details: formatRange(span) };
  },
  async audit(db, request, { now }) {
    const span = parseSpan(request, now);
    return { table: auditTable(db, span), name: "audit", details: formatRange(span) };
  },
  async hosts(db) {
    return { table: hostsTable(await listHosts(db)), name: "hosts" };
  },
  async insights(db, request, { now }) {
    const host = await findHost(db, request.host);
    const table = insightsTable(await readInsights(db, host.id, now));
    return { table, name: `insights-${host.name}`, details: { host: host.name } };
  },
  async experiments(db) {
    return { table: experimentsTable(await listExperiments(db)), name: "experiments" };
  },
  async experiment(db, { id }, { now }) {
    const experiment = await readExperiment(db, id);
    const table = resultsTable(db, experiment, await readResults(db, experiment, now));
    return { table, name: `experiment-${experiment.key}` };
  },
  async report(db, { id }, { role }) {
    const report = await readReport(db, id, may(role, "audit:read"));
    return { table: reportTable(report), name: `report-${id}`, details: { type: report.type } };
  },
};

/**
 * Prepares an export for a reader. Limits are checked before anything is read.
 * @throws DomainError forbidden, validation, not-found, too-costly
 */
export async function prepareExport(
  db: Database,
  request: ExportRequest,
  reader: ExportReader,
): Promise<PreparedExport> {
  assertMay(reader.role, EXPORT_PERMISSIONS[request.kind]);
  const open = OPENERS[request.kind] as Opener<ExportRequest["kind"]>;
  return { details: {}, rows: null, ...(await open(db, request, reader)) };
}

/** The request with its range in absolute times, so that it means the same when a worker runs it later. @throws DomainError validation */
export function resolveTimes(request: ExportRequest, now: number): ExportRequest {
  const { from, to } = request as { from?: string; to?: string };
  if (from === undefined || to === undefined) return request;
  const span = parseSpan({ from, to }, now);
  return { ...request, from: String(span.from), to: String(span.to) } as ExportRequest;
}
