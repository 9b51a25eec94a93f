import { type Message, message } from "#lib/otlp/wire/fields.ts";

// The parts of opentelemetry-proto 1 that are read (opentelemetry/proto/{common,resource,metrics,trace}/v1), by the numbers of their fields.

/** A value of any type. */
export type AnyValue = {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: bigint;
  doubleValue?: number;
  arrayValue?: { values?: AnyValue[] };
  kvlistValue?: { values?: KeyValue[] };
  bytesValue?: Buffer;
};
export type KeyValue = { key?: string; value?: AnyValue };
export type Resource = { attributes?: KeyValue[] };
export type Scope = { name?: string; version?: string; attributes?: KeyValue[] };

const anyValue: Message = message({
  stringValue: [1, "string"],
  boolValue: [2, "bool"],
  intValue: [3, "bigint"],
  doubleValue: [4, "double"],
  arrayValue: [5, () => arrayValue],
  kvlistValue: [6, () => kvlistValue],
  bytesValue: [7, "bytes"],
});
const arrayValue: Message = message({ values: [1, () => anyValue, "repeated"] });
const keyValue: Message = message({ key: [1, "string"], value: [2, () => anyValue] });
const kvlistValue: Message = message({ values: [1, () => keyValue, "repeated"] });
const resource: Message = message({ attributes: [1, () => keyValue, "repeated"] });
const scope: Message = message({
  name: [1, "string"],
  version: [2, "string"],
  attributes: [3, () => keyValue, "repeated"],
});

export type Exemplar = {
  timeUnixNano?: bigint;
  asDouble?: number;
  spanId?: string;
  asInt?: number;
  traceId?: string;
};
/** What all points have. */
export type Point = { startTimeUnixNano?: bigint; timeUnixNano?: bigint; flags?: number; attributes?: KeyValue[] };
export type NumberPoint = Point & { asDouble?: number; asInt?: number; exemplars?: Exemplar[] };
export type HistogramPoint = Point & {
  count?: number;
  sum?: number;
  bucketCounts?: number[];
  explicitBounds?: number[];
  exemplars?: Exemplar[];
};
type Buckets = { offset?: number; bucketCounts?: number[] };
export type ExponentialPoint = Point & {
  count?: number;
  sum?: number;
  scale?: number;
  zeroCount?: number;
  positive?: Buckets;
  negative?: Buckets;
  exemplars?: Exemplar[];
};
export type SummaryPoint = Point & {
  count?: number;
  sum?: number;
  quantileValues?: { quantile?: number; value?: number }[];
};
export type Metric = {
  name?: string;
  description?: string;
  unit?: string;
  gauge?: { dataPoints?: NumberPoint[] };
  sum?: { dataPoints?: NumberPoint[]; aggregationTemporality?: number; isMonotonic?: boolean };
  histogram?: { dataPoints?: HistogramPoint[]; aggregationTemporality?: number };
  exponentialHistogram?: { dataPoints?: ExponentialPoint[]; aggregationTemporality?: number };
  summary?: { dataPoints?: SummaryPoint[] };
};
export type MetricsRequest = {
  resourceMetrics?: { resource?: Resource; scopeMetrics?: { scope?: Scope; metrics?: Metric[] }[] }[];
};

const exemplar = message({
  timeUnixNano: [2, "nanos"],
  asDouble: [3, "double"],
  spanId: [4, "id"],
  traceId: [5, "id"],
  asInt: [6, "int"],
});
const numberPoint = message({
  startTimeUnixNano: [2, "nanos"],
  timeUnixNano: [3, "nanos"],
  asDouble: [4, "double"],
  exemplars: [5, () => exemplar, "repeated"],
  asInt: [6, "int"],
  attributes: [7, () => keyValue, "repeated"],
  flags: [8, "uint32"],
});
const histogramPoint = message({
  startTimeUnixNano: [2, "nanos"],
  timeUnixNano: [3, "nanos"],
  count: [4, "count"],
  sum: [5, "double"],
  bucketCounts: [6, "count", "repeated"],
  explicitBounds: [7, "double", "repeated"],
  exemplars: [8, () => exemplar, "repeated"],
  attributes: [9, () => keyValue, "repeated"],
  flags: [10, "uint32"],
});
const buckets = message({ offset: [1, "sint32"], bucketCounts: [2, "uint64", "repeated"] });
const exponentialPoint = message({
  attributes: [1, () => keyValue, "repeated"],
  startTimeUnixNano: [2, "nanos"],
  timeUnixNano: [3, "nanos"],
  count: [4, "count"],
  sum: [5, "double"],
  scale: [6, "sint32"],
  zeroCount: [7, "count"],
  positive: [8, () => buckets],
  negative: [9, () => buckets],
  flags: [10, "uint32"],
  exemplars: [11, () => exemplar, "repeated"],
});
const quantile = message({ quantile: [1, "double"], value: [2, "double"] });
const summaryPoint = message({
  startTimeUnixNano: [2, "nanos"],
  timeUnixNano: [3, "nanos"],
  count: [4, "count"],
  sum: [5, "double"],
  quantileValues: [6, () => quantile, "repeated"],
  attributes: [7, () => keyValue, "repeated"],
  flags: [8, "uint32"],
});
const gauge = message({ dataPoints: [1, () => numberPoint, "repeated"] });
const sum = message({
  dataPoints: [1, () => numberPoint, "repeated"],
  aggregationTemporality: [2, "int32"],
  isMonotonic: [3, "bool"],
});
const histogram = message({
  dataPoints: [1, () => histogramPoint, "repeated"],
  aggregationTemporality: [2, "int32"],
});
const exponentialHistogram = message({
  dataPoints: [1, () => exponentialPoint, "repeated"],
  aggregationTemporality: [2, "int32"],
});
const summary = message({ dataPoints: [1, () => summaryPoint, "repeated"] });
const metric = message({
  name: [1, "string"],
  description: [2, "string"],
  unit: [3, "string"],
  gauge: [5, () => gauge],
  sum: [7, () => sum],
  histogram: [9, () => histogram],
  exponentialHistogram: [10, () => exponentialHistogram],
  summary: [11, () => summary],
});
const scopeMetrics = message({ scope: [1, () => scope], metrics: [2, () => metric, "repeated"] });
const resourceMetrics = message({
  resource: [1, () => resource],
  scopeMetrics: [2, () => scopeMetrics, "repeated"],
});
/** ExportMetricsServiceRequest */
export const METRICS_REQUEST = message({ resourceMetrics: [1, () => resourceMetrics, "repeated"] });

type SpanEvent = { timeUnixNano?: bigint; name?: string; attributes?: KeyValue[] };
export type Span = {
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  name?: string;
  kind?: number;
  startTimeUnixNano?: bigint;
  endTimeUnixNano?: bigint;
  attributes?: KeyValue[];
  events?: SpanEvent[];
  status?: { message?: string; code?: number };
};
export type TraceRequest = {
  resourceSpans?: { resource?: Resource; scopeSpans?: { scope?: Scope; spans?: Span[] }[] }[];
};

const event = message({
  timeUnixNano: [1, "nanos"],
  name: [2, "string"],
  attributes: [3, () => keyValue, "repeated"],
});
const status = message({ message: [2, "string"], code: [3, "int32"] });
const span = message({
  traceId: [1, "id"],
  spanId: [2, "id"],
  parentSpanId: [4, "id"],
  name: [5, "string"],
  kind: [6, "int32"],
  startTimeUnixNano: [7, "nanos"],
  endTimeUnixNano: [8, "nanos"],
  attributes: [9, () => keyValue, "repeated"],
  events: [11, () => event, "repeated"],
  status: [15, () => status],
});
const scopeSpans = message({ scope: [1, () => scope], spans: [2, () => span, "repeated"] });
const resourceSpans = message({ resource: [1, () => resource], scopeSpans: [2, () => scopeSpans, "repeated"] });
/** ExportTraceServiceRequest */
export const TRACE_REQUEST = message({ resourceSpans: [1, () => resourceSpans, "repeated"] });
