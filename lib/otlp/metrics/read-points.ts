import {
  type BucketCounts,
  boundText,
  type ExponentialHistogram,
  explicitBuckets,
  exponentialBuckets,
} from "#lib/metrics/histogram-buckets.ts";
import type { Part, Stream, StreamPoint } from "#lib/otlp/metrics/streams.ts";
import { cutApart, readAttributes } from "#lib/otlp/resource/attributes.ts";
import { readTarget, scopeLabels } from "#lib/otlp/resource/target.ts";
import type {
  Exemplar,
  ExponentialPoint,
  HistogramPoint,
  Metric,
  MetricsRequest,
  NumberPoint,
  Point,
  SummaryPoint,
} from "#lib/otlp/wire/messages.ts";

/** What cannot be stored of a request: so many points, for a reason. */
export type Reject = (reason: "invalid_point", points: number, example: () => string) => void;

/** An exemplar of a stream: which trace a value was seen in. */
export type StreamExemplar = { stream: Stream; traceId: string; spanId: string; value: number; at: number };

/** What a request holds. `points` counts what was sent, also what is not stored. */
export type Measured = { points: number; streams: StreamPoint[]; exemplars: StreamExemplar[] };

const MAX_ATTRIBUTES = 40;
const NO_RECORDED_VALUE = 1;
const DELTA = 1;

/** Instants of OTLP as ms. */
export const toMs = (nanos: bigint | undefined): number => Number((nanos ?? 0n) / 1_000_000n);

type Context = { labels: Record<string, string>; found: Measured; reject: Reject };
type Head = { name: string; unit: string; help: string };

/** The points of a request as streams. One that cannot be read is rejected and stops no other. */
export function readPoints({ resourceMetrics = [] }: MetricsRequest, reject: Reject): Measured {
  const found: Measured = { points: 0, streams: [], exemplars: [] };
  for (const { resource, scopeMetrics = [] } of resourceMetrics) {
    const target = readTarget(resource);
    let newest = 0;
    for (const { scope, metrics = [] } of scopeMetrics) {
      const labels = { ...target.labels, ...scopeLabels(scope) };
      const first = found.streams.length;
      for (const metric of metrics) readMetric(metric, { labels, found, reject });
      for (const { at } of found.streams.slice(first)) newest = Math.max(newest, at);
    }
    if (newest > 0 && Object.keys(target.info).length > 0) {
      const help = "What the resource says of itself beyond the labels of its series";
      const stream = {
        metric: "target_info",
        labels: { ...target.info, ...target.labels },
        unit: "",
        help,
        parts: GAUGE,
      };
      found.streams.push({ stream, at: newest, startAt: 0, values: [1], stale: false, delta: false });
    }
  }
  return found;
}

const GAUGE: Part[] = [{ suffix: "", kind: "gauge" }];
const COUNTER: Part[] = [{ suffix: "", kind: "counter" }];

function readMetric(metric: Metric, context: Context): void {
  const { name = "", unit = "", description: help = "", gauge, sum, histogram, exponentialHistogram, summary } = metric;
  const head = { name, unit, help };
  const absolute = { ...context, delta: false };
  const temporal = (data: { aggregationTemporality?: number } = {}) => ({
    ...context,
    delta: data.aggregationTemporality === DELTA,
  });
  const parts = sum?.isMonotonic ? COUNTER : GAUGE;
  const each = <T extends Point>(points: T[] | undefined, read: (point: T) => string | undefined) => {
    for (const point of points ?? []) {
      context.found.points += 1;
      const problem = name === "" ? "it needs a name" : (excessOf(point) ?? read(point));
      if (problem) context.reject("invalid_point", 1, () => `${name || "a metric without a name"}: ${problem}`);
    }
  };
  each(gauge?.dataPoints, (point) => readNumber(head, point, GAUGE, absolute));
  each(sum?.dataPoints, (point) => readNumber(head, point, parts, temporal(sum)));
  each(histogram?.dataPoints, (point) => readBuckets(head, point, explicitBuckets(point), temporal(histogram)));
  each(exponentialHistogram?.dataPoints, (point) =>
    readBuckets(head, point, exponentialBuckets(exponentialOf(point), unit), temporal(exponentialHistogram)),
  );
  each(summary?.dataPoints, (point) => readSummary(head, point, absolute));
}

function exponentialOf({ scale = 0, zeroCount = 0, positive, negative }: ExponentialPoint): ExponentialHistogram {
  const { offset = 0, bucketCounts = [] } = positive ?? {};
  const below = [zeroCount, ...(negative?.bucketCounts ?? [])];
  return { scale, below, positive: bucketCounts.map((count, n) => [offset + n, count] as const) };
}

/** Where attributes would be left out, two points might become one series: what is wrong then. */
const excessOf = ({ attributes = [] }: Point): string | undefined =>
  attributes.length > MAX_ATTRIBUTES
    ? `a point has ${attributes.length} attributes: at most ${MAX_ATTRIBUTES} are stored`
    : undefined;

type Temporal = Context & { delta: boolean };

const labelsOf = ({ attributes }: Point, { labels }: Context): Record<string, string> => ({
  ...readAttributes(attributes?.map(cutApart), MAX_ATTRIBUTES),
  ...labels,
});

/** What is added may not pass what a number can be: PostgreSQL refuses that. */
const MAX_ADDED = 1e290;
const isAddable = (value = 0): boolean => Math.abs(value) <= MAX_ADDED;

const isStale = ({ flags = 0 }: Point): boolean => (flags & NO_RECORDED_VALUE) !== 0;

function add(point: Point, stream: Stream, values: number[], { found, delta }: Temporal): void {
  const [at, startAt] = [toMs(point.timeUnixNano), toMs(point.startTimeUnixNano)];
  found.streams.push({ stream, at, startAt, values, stale: isStale(point), delta });
}

function readNumber(head: Head, point: NumberPoint, parts: Part[], context: Temporal): string | undefined {
  const value = point.asDouble ?? point.asInt;
  if (value === undefined && !isStale(point)) return "a point has no value";
  if (context.delta && !isAddable(value)) return "what was added is no finite number";
  if (context.delta && parts === COUNTER && (value ?? 0) < 0) return "a counter goes down";
  const stream = { metric: head.name, labels: labelsOf(point, context), unit: head.unit, help: head.help, parts };
  add(point, stream, [value ?? 0], context);
  readExemplars(stream, point.exemplars, context);
  return undefined;
}

function readBuckets(
  head: Head,
  point: HistogramPoint | ExponentialPoint,
  buckets: BucketCounts | string,
  context: Temporal,
): string | undefined {
  if (typeof buckets === "string" && !isStale(point)) return buckets;
  const { bounds, counts } = typeof buckets === "string" ? { bounds: [], counts: [0] } : buckets;
  const { sum, count } = point;
  const total = counts.at(-1) ?? 0;
  if (count !== undefined && count !== total && Number.isSafeInteger(total) && !isStale(point))
    return `its count is ${count}, but its buckets hold ${total}`;
  if (context.delta && !isAddable(sum)) return "its sum is no finite number";
  const parts: Part[] = [...bounds, Number.POSITIVE_INFINITY].map((bound) => ({
    suffix: "_bucket",
    label: ["le", boundText(bound)],
    kind: "histogram",
  }));
  // The sum of what may be negative is not sent.
  const sums: Part[] = sum === undefined ? [] : [{ suffix: "_sum", kind: "histogram" }];
  const stream = {
    ...{ metric: head.name, labels: labelsOf(point, context), unit: head.unit, help: head.help },
    parts: [...parts, { suffix: "_count", kind: "histogram" as const }, ...sums],
  };
  add(point, stream, [...counts, total, ...(sum === undefined ? [] : [sum])], context);
  readExemplars(stream, point.exemplars, context);
  return undefined;
}

const MAX_QUANTILES = 50;

function readSummary(head: Head, point: SummaryPoint, context: Temporal): string | undefined {
  const { count = 0, sum = 0, quantileValues = [] } = point;
  const isRight = quantileValues.every(({ quantile = 0 }) => quantile >= 0 && quantile <= 1);
  if (!isRight || quantileValues.length > MAX_QUANTILES)
    return `its quantiles must be from 0 to 1, and at most ${MAX_QUANTILES}`;
  const quantiles = quantileValues.map(
    ({ quantile = 0 }): Part => ({
      suffix: "",
      label: ["quantile", boundText(quantile)],
      kind: "gauge",
    }),
  );
  const totals: Part[] = [
    { suffix: "_count", kind: "counter" },
    { suffix: "_sum", kind: "counter" },
  ];
  const stream = {
    ...{ metric: head.name, labels: labelsOf(point, context), unit: head.unit, help: head.help },
    parts: [...quantiles, ...totals],
  };
  add(point, stream, [...quantileValues.map(({ value = 0 }) => value), count, sum], context);
  return undefined;
}

const isId = (id: string | undefined, digits: number): id is string => id?.length === digits && !/^0+$/.test(id);

function readExemplars(stream: Stream, exemplars: Exemplar[] | undefined, { found }: Context): void {
  // The newest is all that is kept of a stream.
  let newest: StreamExemplar | undefined;
  for (const { traceId, spanId, timeUnixNano, asDouble, asInt } of exemplars ?? []) {
    const value = asDouble ?? asInt;
    const at = toMs(timeUnixNano);
    if (!isId(traceId, 32) || value === undefined || at < (newest?.at ?? 0)) continue;
    newest = { stream, traceId, spanId: isId(spanId, 16) ? spanId : "", value, at };
  }
  if (newest) found.exemplars.push(newest);
}
