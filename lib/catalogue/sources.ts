import { METRIC_SOURCES, type MetricSource } from "#lib/contract/enums.ts";
import { PORTAL_SOURCE, REMOTE_SOURCE } from "#lib/metrics/frame.ts";

/** The kinds of stored sources behind each source of metrics; inputs bear the name of their kind. */
const KINDS: Record<Exclude<MetricSource, "other">, readonly string[]> = {
  collector: ["host", "container", "systemd"],
  database: ["postgres", REMOTE_SOURCE],
  check: ["check"],
  remote_write: ["remote_write"],
  scrape: ["scrape"],
  otlp: ["otlp"],
  sightline: [PORTAL_SOURCE],
};

const BY_KIND = new Map(
  Object.entries(KINDS).flatMap(([source, kinds]) =>
    kinds.map((kind): [string, MetricSource] => [kind, source as MetricSource]),
  ),
);

/** What measures a metric that has stored sources of some kinds, each once. */
export const sourcesOf = (kinds: readonly string[]): MetricSource[] => {
  const found = new Set(kinds.map((kind) => BY_KIND.get(kind) ?? "other"));
  return METRIC_SOURCES.filter((source) => found.has(source));
};

/** Which kinds of stored sources a filter leaves. */
export function kindsOf(source: MetricSource | undefined): {
  sourceKinds?: readonly string[];
  exceptSources: string[];
} {
  if (source === undefined) return { exceptSources: [] };
  return source === "other"
    ? { exceptSources: [...BY_KIND.keys()] }
    : { sourceKinds: KINDS[source], exceptSources: [] };
}
