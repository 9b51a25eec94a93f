import type { InputKind } from "#lib/contract/input-names.ts";
import type { Labels, SourceRef } from "#lib/metrics/frame.ts";

const MAX_NAME = 250;

/** By what is measured together: the job and instance of Prometheus, or what a resource of OpenTelemetry says of itself. */
export function sourceOf(kind: InputKind, labels: Labels): SourceRef {
  const job = labels.job ?? labels["service.name"] ?? "";
  const instance = labels.instance ?? labels["service.instance.id"] ?? labels["host.name"] ?? "";
  return { kind, name: `${job}/${instance}`.slice(0, MAX_NAME).toWellFormed() };
}
