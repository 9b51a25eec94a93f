import { createHash } from "node:crypto";
import type { MetricKind } from "#lib/contract/enums.ts";
import { labelsKey } from "#lib/metrics/frame.ts";
import type { IncomingSample, IncomingSeries } from "#lib/metrics/incoming.ts";

/** One series of several that a point becomes: what is behind the metric's name, and the label of its bucket or quantile. */
export type Part = { suffix: string; label?: [name: string, value: string]; kind: MetricKind };

/** What is measured under one name and one set of labels. */
export type Stream = {
  metric: string;
  labels: Record<string, string>;
  unit: string;
  help: string;
  parts: Part[];
};

/**
 * Values of a stream's parts at an instant, ms. `startAt` is when its counting began, 0 where that is not said; `stale` says that there is none.
 * `delta` says that they are what was added since the point before.
 */
export type StreamPoint = {
  stream: Stream;
  at: number;
  startAt: number;
  values: number[];
  stale: boolean;
  delta: boolean;
};

/** A stream whose parts differ is another one: counts of other buckets cannot be added up. */
export function streamKey({ metric, labels, parts }: Stream): Buffer {
  const layout = parts.map(({ suffix, label }) => `${suffix} ${label?.[1] ?? ""}`).join("\n");
  return createHash("sha256")
    .update(`${metric}\n${labelsKey(labels)}\n${layout}`)
    .digest()
    .subarray(0, 16);
}

/** Within so long of its beginning a counter's zero is stored with it, so that what it counted first is an increase. */
const FRESH_MS = 2 * 60_000;

const isCounting = (kind: MetricKind): boolean => kind !== "gauge";

/** A point that holds totals as samples of its series. */
export function seriesOf(
  { stream, at, startAt, values, stale }: StreamPoint,
  before: IncomingSample[][] = [],
): IncomingSeries[] {
  const { metric, labels, unit, help, parts } = stream;
  const isFresh = startAt > 0 && startAt < at && at - startAt <= FRESH_MS;
  return parts.map(({ suffix, label, kind }, n) => {
    const isTotal = isCounting(kind);
    const zero = isTotal && isFresh && before.length === 0 ? [{ at: startAt, value: 0 }] : [];
    const sample = stale ? { at, value: 0, stale } : { at, value: values[n] ?? 0 };
    const isCount = suffix === "_count" || suffix === "_bucket";
    return {
      metric: metric + suffix,
      labels: label ? { ...labels, [label[0]]: label[1] } : labels,
      kind,
      ...(isCount ? {} : { unit }),
      help,
      samples: [...(before[n] ?? []), ...zero, sample],
    };
  });
}
