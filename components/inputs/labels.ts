import type { DropReason, InputKind } from "#lib/contract/input-names.ts";

/** What each kind of input is called. */
export const KIND_TITLE: Record<InputKind, string> = {
  remote_write: "Prometheus remote write",
  otlp: "OpenTelemetry (OTLP)",
};

const REASON_TITLE: Record<DropReason, string> = {
  series_limit: "More series than the limit",
  ahead_of_clock: "Ahead of the portal's clock",
  too_old: "Older than raw samples are kept",
  invalid_time: "No valid time",
  invalid_name: "No valid name or label",
  too_many_labels: "Too many labels",
  labels_too_long: "Labels too long",
  native_histogram: "Native histograms that cannot be read",
  exemplar: "Exemplars are not kept",
  invalid_point: "Points that make no sense",
  already_counted: "Differences that were counted before",
  invalid_span: "Spans without ids or a valid duration",
};

/** Why samples were dropped, in words. */
export const reasonTitle = (reason: string): string =>
  (REASON_TITLE as Record<string, string | undefined>)[reason] ?? reason.replaceAll("_", " ");
