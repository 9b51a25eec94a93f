import { readAttributes } from "#lib/otlp/attributes.ts";
import { type BucketCounts, boundText, explicitBuckets, exponentialBuckets } from "#lib/otlp/metrics/buckets.ts";
import type { Part, Stream, StreamPoint } from "#lib/otlp/metrics/streams.ts";
import { readTarget, scopeLabels } from "#lib/otlp/resource.ts";
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
      const stream = { metric: "target_info", labels: { ...target.info, ...target.labels }, unit: "", help, parts: GAUGE };
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
  const isDelta = (data: { aggregationTemporality?: number }) => data.aggregationTemporality === DELTA;
  for (const point of gauge?.dataPoints ?? []) readNumber(head, point, GAUGE, { ...context, delta: false });
  for (const point of sum?.dataPoints ?? [])
    readNumber(head, point, sum?.isMonotonic ? COUNTER : GAUGE, { ...context, delta: isDelta(sum ?? {}) });
  for (const point of histogram?.dataPoints ?? [])
    readBuckets(head, point, explicitBuckets(point), { ...context, delta: isDelta(histogram ?? {}) });
  for (const point of exponentialHistogram?.dataPoints ?? [])
    readBuckets(head, point, exponentialBuckets(point, unit), { ...context, delta: isDelta(exponentialHistogram ?? {}) });
  for (const point of summary?.dataPoints ?? []) readSummary(head, point, context);
}

type Temporal = Context & { delta: boolean };

const labelsOf = ({ attributes }: Point, { labels }: Context): Record<string, string> => ({
  ...readAttributes(attributes, MAX_ATTRIBUTES),
  ...labels,
});

const isStale = ({ flags = 0 }: Point): boolean => (flags & NO_RECORDED_VALUE) !== 0;

function add(point: Point, stream: Stream, values: number[], { found, delta }: Temporal): void {
  const [at, startAt] = [toMs(point.timeUnixNano), toMs(point.startTimeUnixNano)];
  found.streams.push({ stream, at, startAt, values, stale: isStale(point), delta });
}

function refuse({ name }: Head, why: string, { found, reject }: Context): void {
  found.points += 1;
  reject("invalid_point", 1, () => `${name || "a metric without a name"}: ${why}`);
}

function readNumber(head: Head, point: NumberPoint, parts: Part[], context: Temporal): void {
  const value = point.asDouble ?? point.asInt;
  if (head.name === "") return refuse(head, "it needs a name", context);
  if (value === undefined && !isStale(point)) return refuse(head, "a point has no value", context);
  if (context.delta && !Number.isFinite(value ?? 0)) return refuse(head, "what was added is no finite number", context);
  if (context.delta && parts === COUNTER && (value ?? 0) < 0) return refuse(head, "a counter goes down", context);
  context.found.points += 1;
  const stream = { metric: head.name, labels: labelsOf(point, context), unit: head.unit, help: head.help, parts };
  add(point, stream, [value ?? 0], context);
  readExemplars(stream, point.exemplars, context);
}

function readBuckets(
  head: Head,
  point: HistogramPoint | ExponentialPoint,
  buckets: BucketCounts | string,
  context: Temporal,
): void {
  if (head.name === "") return refuse(head, "it needs a name", context);
  if (typeof buckets === "string" && !isStale(point)) return refuse(head, buckets, context);
  const { bounds, counts } = typeof buckets === "string" ? { bounds: [], counts: [0] } : buckets;
  const { sum } = point;
  if (context.delta && !Number.isFinite(sum ?? 0)) return refuse(head, "its sum is no finite number", context);
  context.found.points += 1;
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
  add(point, stream, [...counts, counts.at(-1) ?? 0, ...(sum === undefined ? [] : [sum])], context);
  readExemplars(stream, point.exemplars, context);
}

const MAX_QUANTILES = 50;

function readSummary(head: Head, point: SummaryPoint, context: Context): void {
  const { count = 0, sum = 0, quantileValues = [] } = point;
  const isRight = quantileValues.every(({ quantile = 0 }) => quantile >= 0 && quantile <= 1);
  if (head.name === "") return refuse(head, "it needs a name", context);
  if (!isRight || quantileValues.length > MAX_QUANTILES)
    return refuse(head, `its quantiles must be from 0 to 1, and at most ${MAX_QUANTILES}`, context);
  context.found.points += 1;
  const quantiles = quantileValues.map(({ quantile = 0 }): Part => ({
    suffix: "",
    label: ["quantile", boundText(quantile)],
    kind: "gauge",
  }));
  const totals: Part[] = [
    { suffix: "_count", kind: "counter" },
    { suffix: "_sum", kind: "counter" },
  ];
  const stream = {
    ...{ metric: head.name, labels: labelsOf(point, context), unit: head.unit, help: head.help },
    parts: [...quantiles, ...totals],
  };
  add(point, stream, [...quantileValues.map(({ value = 0 }) => value), count, sum], { ...context, delta: false });
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
