import { assertMay, may } from "#lib/access/permissions.ts";
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
import { type Asked, EXPORT_PERMISSIONS } from "#lib/exports/request.ts";
import { samplesTable } from "#lib/exports/samples.ts";
import { findHost, listHosts } from "#lib/hosts/hosts.ts";
import { readInsights } from "#lib/insights/insights.ts";
import { readReport, reportTable } from "#lib/reports/library.ts";
import type { Table } from "#lib/tables/table.ts";
import { parseDuration, parseSpan } from "#lib/time/instant.ts";
import { findSeries } from "#lib/tsdb/query.ts";

export type Reader = Exporter & { now: number };

/** An export before its first row: its file's name, what the audit trail says of it, and about how many rows come. */
export type Opened = {
  table: Table;
  name: string;
  details: Record<string, string | number>;
  rows: number | null;
};

type Of<K extends Asked["kind"]> = Extract<Asked, { kind: K }>;

function assertStepped({ step, aggregate, by, top }: Of<"samples">): void {
  if (step || !(aggregate || by || top)) return;
  const message = "Name a step, such as 5m: single samples are neither joined nor summed up";
  throw new DomainError("validation", message, { fields: [{ field: "step", message }] });
}

/** A range as the audit trail's readers read it. */
const spelt = ({ from, to }: { from: number; to: number }) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

async function openSamples(db: Database, asked: Of<"samples">, { now, ...exporter }: Reader): Promise<Opened> {
  assertStepped(asked);
  const { kind: _, host: id, from, to, step, layout, ...query } = asked;
  const host = await findHost(db, id);
  const span = parseSpan({ from, to }, now);
  const stepMs = step ? parseDuration(step, "step") : undefined;
  const series = await findSeries(db, host.id, asked.series);
  const wanted = { ...query, ...span, host, series, stepMs, wide: layout === "wide" };
  const rows = await assertExportable(db, wanted, exporter);
  const details = { host: host.name, series: asked.series.join(" "), ...spelt(span), rows };
  return { table: await samplesTable(db, wanted), name: `samples-${host.name}`, details, rows };
}

/** Whoever asks for no host in particular is given the first one where a kind is of one host. */
async function openInsights(db: Database, asked: Of<"insights">, { now }: Reader): Promise<Opened> {
  const host = await findHost(db, asked.host);
  const table = insightsTable(await readInsights(db, host.id, now));
  return { table, name: `insights-${host.name}`, details: { host: host.name }, rows: null };
}

async function openExperiment(db: Database, { id }: Of<"experiment">, { now }: Reader): Promise<Opened> {
  const experiment = await readExperiment(db, id);
  const table = resultsTable(db, experiment, await readResults(db, experiment, now));
  return { table, name: `experiment-${experiment.key}`, details: {}, rows: null };
}

/**
 * Opens what is asked for, for somebody of a role. Nothing is read of it that its limits forbid.
 * @throws DomainError forbidden, validation, not-found, too-costly
 */
export async function openExport(db: Database, asked: Asked, reader: Reader): Promise<Opened> {
  assertMay(reader.role, EXPORT_PERMISSIONS[asked.kind]);
  const plain = (table: Table, name: string, details: Opened["details"] = {}) => ({ table, name, details, rows: null });
  switch (asked.kind) {
    case "samples":
      return openSamples(db, asked, reader);
    case "insights":
      return openInsights(db, asked, reader);
    case "experiment":
      return openExperiment(db, asked, reader);
    case "anomalies": {
      const span = parseSpan(asked, reader.now);
      const { host: hostId, severity: severities, status: statuses, type: types, incident: incidentId } = asked;
      const filter = { hostId, severities, statuses, types, incidentId, ...span };
      return plain(anomaliesTable(db, filter), "anomalies", spelt(span));
    }
    case "incidents": {
      const span = parseSpan(asked, reader.now);
      return plain(incidentsTable(db, { hostId: asked.host, ...span }), "incidents", spelt(span));
    }
    case "audit": {
      const span = parseSpan(asked, reader.now);
      return plain(auditTable(db, span), "audit", spelt(span));
    }
    case "hosts":
      return plain(hostsTable(await listHosts(db)), "hosts");
    case "experiments":
      return plain(experimentsTable(await listExperiments(db)), "experiments");
    case "report": {
      const report = await readReport(db, asked.id, may(reader.role, "audit:read"));
      return plain(reportTable(report), `report-${asked.id}`, { type: report.type });
    }
  }
}

/** The same, with its range in instants: what was asked an hour ago stays what it was. @throws DomainError validation */
export function pinned(asked: Asked, now: number): Asked {
  const { from, to } = asked as { from?: string; to?: string };
  if (from === undefined || to === undefined) return asked;
  const span = parseSpan({ from, to }, now);
  return { ...asked, from: String(span.from), to: String(span.to) } as Asked;
}
