import type { ExportKind, ExportRequest } from "#lib/exports/request.ts";
import type { Format } from "#lib/tables/table.ts";

/** Where each kind of export is taken, below /exports. */
export const EXPORT_PATHS: Record<ExportKind, string> = {
  samples: "samples",
  anomalies: "anomalies",
  incidents: "incidents",
  hosts: "hosts",
  insights: "insights",
  experiments: "experiments",
  experiment: "experiments/{id}",
  report: "reports/{id}",
  audit: "audit",
};

/** The address of an export, below /api/v1. */
export function exportAddress({ kind, ...params }: ExportRequest, format: Format): string {
  const search = new URLSearchParams({ format });
  const { id, ...query } = params as { id?: string | number } & Record<string, unknown>;
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) search.append(name, String(one));
  return `/exports/${EXPORT_PATHS[kind].replace("{id}", encodeURIComponent(String(id)))}?${search}`;
}
