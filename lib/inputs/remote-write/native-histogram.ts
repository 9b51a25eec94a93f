import type { NamedSeries } from "#lib/inputs/remote-write/labels-cache.ts";
import { tagOf, type WireReader } from "#lib/inputs/wire-reader.ts";
import { type BucketCounts, boundText, explicitBuckets, exponentialBuckets } from "#lib/metrics/histogram-buckets.ts";
import type { IncomingSeries } from "#lib/metrics/incoming.ts";
import { STALE_HIGH, STALE_LOW } from "#lib/metrics/stale-marker.ts";

// Histogram, the same in 1.0 and 2.0: count_int = 1, count_float = 2, sum = 3, schema = 4, zero_count_int = 6, zero_count_float = 7, negative_spans = 8,
// negative_deltas = 9, negative_counts = 10, positive_spans = 11, positive_deltas = 12, positive_counts = 13, reset_hint = 14, timestamp = 15,
// custom_values = 16. BucketSpan: offset = 1, length = 2.

const BYTES = 2;
const CUSTOM_SCHEMA = -53;
const GAUGE_HINT = 3;

type Kind = "whole" | "signed" | "zigzag" | "double" | "span";
/** What each field holds, repeated or not. */
const FIELDS: Record<number, Kind> = {
  ...{ 1: "whole", 2: "double", 3: "double", 4: "zigzag", 6: "whole", 7: "double", 8: "span", 9: "zigzag" },
  ...{ 10: "double", 11: "span", 12: "zigzag", 13: "double", 14: "whole", 15: "signed", 16: "double" },
};
/** By kind, the type that protobuf gives a single value. */
const TYPES: Record<Kind, number> = { whole: 0, signed: 0, zigzag: 0, double: 1, span: BYTES };

/** Buckets that follow each other, `offset` behind the last ones. */
type Span = { offset: number; length: number };
/** Counts of buckets above or below zero: either differences of whole numbers, or as they are. */
type Side = { spans: Span[]; deltas: number[]; counts: number[] };

/** A native histogram as it came; `at` in ms since 1970, `bounds` where it has its own. */
export type NativeHistogram = {
  at: number;
  count: number;
  sum: number;
  isStale: boolean;
  isGauge: boolean;
  schema: number;
  zeroCount: number;
  negative: Side;
  positive: Side;
  bounds: number[];
};

/** 0, -1, 1, -2 … are sent as 0, 1, 2, 3 … */
const zigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

function isStaleAt({ view, at }: WireReader, end: number): boolean {
  return at + 8 <= end && view.getUint32(at, true) === STALE_LOW && view.getUint32(at + 4, true) === STALE_HIGH;
}

function readSpan(reader: WireReader, end: number): Span {
  const span = { offset: 0, length: 0 };
  while (reader.at < end) {
    const tag = reader.unsigned();
    if (tag === tagOf(1, 0)) span.offset = zigzag(reader.unsigned());
    else if (tag === tagOf(2, 0)) span.length = reader.unsigned();
    else reader.skip(tag, end);
  }
  return span;
}

function readValue(reader: WireReader, kind: Exclude<Kind, "span">, end: number): number {
  if (kind === "whole") return reader.unsigned();
  if (kind === "signed") return reader.signed();
  if (kind === "zigzag") return zigzag(reader.unsigned());
  return reader.view.getFloat64(reader.eight(end), true);
}

/** A native histogram up to `end`. @throws DomainError validation */
export function readHistogram(reader: WireReader, end: number): NativeHistogram {
  const numbers = new Map<number, number[]>();
  const spans = new Map<number, Span[]>();
  let isStale = false;
  while (reader.at < end) {
    const tag = reader.unsigned();
    const [field, type] = [Math.floor(tag / 8), tag % 8];
    const kind = FIELDS[field];
    if (!kind || (type !== TYPES[kind] && type !== BYTES)) reader.skip(tag, end);
    else if (kind === "span") {
      const own = spans.get(field) ?? [];
      spans.set(field, own);
      own.push(readSpan(reader, reader.end(end)));
    } else {
      if (field === 3) isStale = isStaleAt(reader, end);
      const own = numbers.get(field) ?? [];
      numbers.set(field, own);
      if (type !== BYTES) own.push(readValue(reader, kind, end));
      else for (const stop = reader.end(end); reader.at < stop; ) own.push(readValue(reader, kind, stop));
    }
  }
  const all = (field: number): number[] => numbers.get(field) ?? [];
  const last = (...fields: number[]): number => fields.flatMap(all).at(-1) ?? 0;
  const side = (first: number): Side => ({
    spans: spans.get(first) ?? [],
    deltas: all(first + 1),
    counts: all(first + 2),
  });
  return {
    ...{ at: last(15), count: last(1, 2), sum: last(3), isStale, isGauge: last(14) === GAUGE_HINT },
    ...{ schema: last(4), zeroCount: last(6, 7), negative: side(8), positive: side(11), bounds: all(16) },
  };
}

function runningTotals(deltas: number[]): number[] {
  let total = 0;
  return deltas.map((delta) => {
    total += delta;
    return total;
  });
}

/** The buckets of a side with their indexes; undefined where spans and counts do not match. */
function indexed({ spans, deltas, counts }: Side): [index: number, count: number][] | undefined {
  const own = counts.length > 0 ? counts : runningTotals(deltas);
  if (spans.reduce((sum, { length }) => sum + length, 0) !== own.length) return undefined;
  const found: [number, number][] = [];
  let start = 0;
  for (const { offset, length } of spans) {
    start += offset;
    for (let n = 0; n < length; n++) found.push([start + n, own[found.length] as number]);
    start += length;
  }
  return found;
}

function explicit(buckets: [index: number, count: number][], bounds: number[]): BucketCounts | string {
  const bucketCounts: number[] = new Array(bounds.length + 1).fill(0);
  for (const [index, count] of buckets) {
    if (!(index >= 0 && index < bucketCounts.length)) return "it has a bucket that no bound is there for";
    bucketCounts[index] = count;
  }
  return explicitBuckets({ explicitBounds: bounds, bucketCounts });
}

const MAX_BOUNDS = 200;
const UNIT_IN_NAME = /_(seconds|bytes)$/;

function bucketsOf(histogram: NativeHistogram, unit: string): BucketCounts | string {
  const { schema, zeroCount, bounds } = histogram;
  const [negative, positive] = [indexed(histogram.negative), indexed(histogram.positive)];
  if (!negative || !positive) return "its spans and its counts do not match";
  if (schema === CUSTOM_SCHEMA)
    return bounds.length > MAX_BOUNDS ? `it has more than ${MAX_BOUNDS} bounds` : explicit(positive, bounds);
  const below = [zeroCount, ...negative.map(([, count]) => count)];
  // Prometheus counts buckets by their upper bounds, and OpenTelemetry, as is done here, by their lower ones.
  return exponentialBuckets(
    { scale: schema, below, positive: positive.map(([index, count]) => [index - 1, count] as const) },
    unit,
  );
}

/**
 * A native histogram as classic series: _bucket by the powers of two (or by its own bounds, where it has any), _count and _sum. A text that says what is
 * wrong with it.
 */
export function classicSeries(
  { metric, labels, said }: NamedSeries,
  histogram: NativeHistogram,
): IncomingSeries[] | string {
  const unit = said.unit || (UNIT_IN_NAME.exec(metric)?.[1] ?? "");
  const buckets = bucketsOf(histogram, unit);
  if (typeof buckets === "string") return buckets;
  const { at, isStale: stale, count, sum } = histogram;
  const kind = histogram.isGauge ? "gauge" : "histogram";
  const part = (suffix: string, value: number, more: Record<string, string> = {}, inUnit = ""): IncomingSeries => ({
    ...{ ...said, metric: `${metric}_${suffix}`, labels: { ...labels, ...more }, kind, unit: inUnit },
    samples: [stale ? { at, value: Number.NaN, stale } : { at, value }],
  });
  return [
    ...buckets.counts.map((below, n) =>
      part("bucket", below, { le: boundText(buckets.bounds[n] ?? Number.POSITIVE_INFINITY) }),
    ),
    part("count", count),
    part("sum", sum, {}, unit),
  ];
}
