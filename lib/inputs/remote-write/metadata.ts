import type { MetricKind } from "#lib/contract/enums.ts";
import type { IncomingSeries } from "#lib/metrics/incoming.ts";

/** The types of metrics by their number in remote write. */
const TYPES = ["unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"] as const;
type MetricType = (typeof TYPES)[number];

/** What is said of a family of metrics: `x` of x_bucket, x_sum and x_count. */
export type FamilyMetadata = { type: MetricType; help: string; unit: string };

export type Said = Pick<IncomingSeries, "kind" | "unit" | "help">;

/** The type that a number stands for. */
export const typeOf = (number: number): MetricType => TYPES[number] ?? "unknown";

/** The suffixes of a family's metrics, and their kinds by the family's type. */
const KINDS: Partial<Record<MetricType, Record<string, MetricKind>>> = {
  counter: { "": "counter", _total: "counter", _created: "gauge" },
  histogram: { "": "histogram", _bucket: "histogram", _count: "histogram", _sum: "histogram", _created: "gauge" },
  gaugehistogram: { "": "gauge", _bucket: "gauge", _gcount: "gauge", _gsum: "gauge" },
  summary: { "": "gauge", _count: "counter", _sum: "counter", _created: "gauge" },
  gauge: { "": "gauge" },
  info: { "": "gauge", _info: "gauge" },
  stateset: { "": "gauge" },
};

/** What a family's metadata says of one of its metrics; nothing of its kind where the type is not known. */
export function describeMetric({ type, help, unit }: FamilyMetadata, suffix: string): Said {
  const kind = KINDS[type]?.[suffix];
  const isCount = suffix === "_count" || suffix === "_bucket";
  return { ...(kind === undefined ? {} : { kind }), help, unit: isCount ? "" : unit };
}

/** So many families are remembered of an input. */
const MAX_FAMILIES = 20_000;
const SUFFIX = /_(total|bucket|count|sum|created|info|gcount|gsum)$/;

/** What a sender of remote write 1.0 said of its metrics, apart from their samples. */
export class MetadataCache {
  readonly #families = new Map<string, FamilyMetadata>();
  /** Grows with each change. */
  version = 0;

  /** Takes what is said of a family; of what is not, that of before holds. */
  note(family: string, said: Partial<FamilyMetadata>): void {
    const before = this.#families.get(family);
    const metadata: FamilyMetadata = { type: "unknown", help: "", unit: "", ...before, ...said };
    if (before && before.type === metadata.type && before.help === metadata.help && before.unit === metadata.unit)
      return;
    if (!before && this.#families.size >= MAX_FAMILIES) return;
    this.#families.set(family, metadata);
    this.version += 1;
  }

  /** What was said of a metric; nothing where nothing was. */
  describe(metric: string): Said {
    const exact = this.#families.get(metric);
    if (exact) return describeMetric(exact, "");
    const suffix = SUFFIX.exec(metric)?.[0];
    const family = suffix && this.#families.get(metric.slice(0, -suffix.length));
    return family && KINDS[family.type]?.[suffix] ? describeMetric(family, suffix) : {};
  }
}
