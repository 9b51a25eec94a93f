import { addressOf } from "#components/layout/api.ts";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import type { ExportFormat } from "#lib/contract/enums.ts";
import type { ExportRequest } from "#lib/contract/export-requests.ts";
import * as contract from "#lib/contract/index.ts";
import type { RangeText } from "#lib/time/range/range.ts";

/** Samples of series, named by id, metric or name, of [from, to) in ms or as the API takes instants. */
export const samplesBetween = (
  host: number,
  series: string[],
  from: number | string,
  to: number | string,
): ExportRequest => ({
  ...{ kind: "samples", host, series, from: String(from), to: String(to), layout: "long" },
});

/** The samples that a page of series shows, by metric: all series of one are named at once. */
export const samplesOf = (host: number, metrics: string[], { from, to }: RangeText): ExportRequest =>
  samplesBetween(host, [...new Set(metrics)], from, to);

/** The address of an export, where it is downloaded as it is created. */
export function exportAddress({ kind, ...request }: ExportRequest, format: ExportFormat): string {
  const { id, ...query } = request as { id?: string | number } & Record<string, unknown>;
  const endpoint: Endpoint = contract.exports[kind];
  return addressOf(endpoint, { params: { id }, query: { ...query, format } });
}
