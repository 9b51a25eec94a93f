import { assertMay } from "#lib/access/permissions.ts";
import { EXPORT_PERMISSIONS, type ExportRequest } from "#lib/contract/export-requests.ts";
import { may } from "#lib/contract/permissions.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { listExperiments, readExperiment } from "#lib/experiments/read.ts";
import { readResults } from "#lib/experiments/read-results.ts";
import { assertExportable, type Exporter } from "#lib/exports/limits.ts";
import {
  anomaliesTable,
  auditTable,
  experimentsTable,
  hostsTable,
  incidentsTable,
  insightsTable,
  resultsTable,
} from "#lib/exports/lists.ts";
import { samplesTable } from "#lib/exports/samples.ts";
import { findHost, listHosts } from "#lib/hosts/hosts.ts";
import { readInsights } from "#lib/insights/insights.ts";
import { readReport, reportTable } from "#lib/reports/library.ts";
import type { Table } from "#lib/tables/table.ts";
import { parseDuration, parseSpan } from "#lib/time/instant.ts";
import { findSeries } from "#lib/tsdb/query.ts";

export type ExportReader = Exporter & { now: number };

/** An export before its first row: its file's name, what the audit trail says of it, and about how many rows come. */
export type PreparedExport = {
  table: Table;
  name: string;
  details: Record<string, string | number>;
  rows: number | null;
};

type Of<K extends ExportRequest["kind"]> = Extract<ExportRequest, { kind: K }>;

function assertStepped({ step, aggregate, by, top }: Of<"samples">): void {
  if (step || !(aggregate || by || top)) return;
  const message = "Name a step, such as 5m: single samples are neither joined nor summed up";
  throw new DomainError("validation", message, { fields: [{ field: "step", message }] });
}

/** A range as the audit trail's readers read it. */
const formatRange = ({ from, to }: { from: number; to: number }) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

async function openSamples(
  db: Database,
  request: Of<"samples">,
  { now, ...exporter }: ExportReader,
): Promise<PreparedExport> {
  assertStepped(request);
  const { kind: _, host: id, from, to, step, layout, ...query } = request;
  const host = await findHost(db, id);
  const span = parseSpan({ from, to }, now);
  const stepMs = step ? parseDuration(step, "step") : undefined;
  const series = await findSeries(db, host.id, request.series);
  const wanted = { ...query, ...span, host, series, stepMs, wide: layout === "wide" };
  const rows = await assertExportable(db, wanted, exporter);
  const details = { host: host.name, series: request.series.join(" "), ...formatRange(span), rows };
  return { table: await samplesTable(db, wanted), name: `samples-${host.name}`, details, rows };
}

/** Whoever asks for no host in particular is given the first one where a kind is of one host. */
async function openInsights(db: Database, request: Of<"insights">, { now }: ExportReader): Promise<PreparedExport> {
  const host = await findHost(db, request.host);
  const table = insightsTable(await readInsights(db, host.id, now));
  return { table, name: `insights-${host.name}`, details: { host: host.name }, rows: null };
}

async function openExperiment(db: Database, { id }: Of<"experiment">, { now }: ExportReader): Promise<PreparedExport> {
  const experiment = await readExperiment(db, id);
  const table = resultsTable(db, experiment, await readResults(db, experiment, now));
  return { table, name: `experiment-${experiment.key}`, details: {}, rows: null };
}

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
  const plain = (table: Table, name: string, details: PreparedExport["details"] = {}) => ({
    table,
    name,
    details,
    rows: null,
  });
  switch (request.kind) {
    case "samples":
      return openSamples(db, request, reader);
    case "insights":
      return openInsights(db, request, reader);
    case "experiment":
      return openExperiment(db, request, reader);
    case "anomalies": {
      const span = parseSpan(request, reader.now);
      const { host: hostId, severity: severities, status: statuses, type: types, incident: incidentId } = request;
      const filter = { hostId, severities, statuses, types, incidentId, ...span };
      return plain(anomaliesTable(db, filter), "anomalies", formatRange(span));
    }
    case "incidents": {
      const span = parseSpan(request, reader.now);
      return plain(incidentsTable(db, { hostId: request.host, ...span }), "incidents", formatRange(span));
    }
    case "audit": {
      const span = parseSpan(request, reader.now);
      return plain(auditTable(db, span), "audit", formatRange(span));
    }
    case "hosts":
      return plain(hostsTable(await listHosts(db)), "hosts");
    case "experiments":
      return plain(experimentsTable(await listExperiments(db)), "experiments");
    case "report": {
      const report = await readReport(db, request.id, may(reader.role, "audit:read"));
      return plain(reportTable(report), `report-${request.id}`, { type: report.type });
    }
  }
}

/** The request with its range in absolute times, so that it means the same when a worker runs it later. @throws DomainError validation */
export function resolveTimes(request: ExportRequest, now: number): ExportRequest {
  const { from, to } = request as { from?: string; to?: string };
  if (from === undefined || to === undefined) return request;
  const span = parseSpan({ from, to }, now);
  return { ...request, from: String(span.from), to: String(span.to) } as ExportRequest;
}
