import { unitName } from "#lib/format/value.ts";
import type { Insights } from "#lib/insights/insights.ts";
import { signalTitle } from "#lib/insights/signal-title.ts";
import { type Field, listTable, oneBatch } from "#lib/tables/list-table.ts";
import type { Table } from "#lib/tables/table.ts";

/** A row of whichever kind of insight. */
type InsightRow = {
  kind: string;
  what: string;
  severity?: string;
  status?: string;
  why?: string;
  value?: number;
  before?: number | null;
  unit?: string;
  at?: number | null;
};

const FIELDS: Field<InsightRow>[] = [
  ["kind", "Kind", "text", (row) => row.kind],
  ["what", "What", "text", (row) => row.what],
  ["severity", "Severity", "text", (row) => row.severity ?? null],
  ["status", "Status", "text", (row) => row.status ?? null],
  ["why", "Why", "text", (row) => row.why ?? null],
  ["value", "Value", "number", (row) => row.value ?? null],
  ["before", "Before", "number", (row) => row.before ?? null],
  ["unit", "Unit", "text", (row) => row.unit ?? null],
  ["at", "When", "time", (row) => (row.at ? new Date(row.at) : null)],
];

/** Recommendations, signals, bottlenecks and trends of a host, a row each. */
export function insightsTable({ recommendations, signals, bottlenecks, trends }: Insights): Table {
  const rows: InsightRow[] = [
    ...recommendations.map(({ title, severity, status, why }) => ({
      kind: "recommendation",
      what: title,
      ...{ severity, status, why },
    })),
    ...signals.map((signal) => ({
      kind: "signal",
      what: signalTitle(signal),
      severity: signal.severity,
      at: signal.at,
    })),
    ...bottlenecks.map(({ resource, utilisation }) => ({
      kind: "bottleneck",
      what: resource,
      value: utilisation,
      unit: "percent",
    })),
    ...trends.flatMap((trend) =>
      (["day", "week"] as const).map((span) => ({
        kind: `trend of the ${span}`,
        what: trend.name,
        value: trend[span].now,
        before: trend[span].before,
        unit: unitName(trend.unit, trend.rate),
      })),
    ),
  ];
  return listTable("Insights", FIELDS, oneBatch(rows));
}
