import assert from "node:assert/strict";
import { LabelSet } from "#lib/promql/series/labels.ts";
import type { PrometheusAnswer } from "./debian-prometheus.ts";

/** Series with their values at instants, ms since the epoch. */
export type Columns = { labels: LabelSet; times: ArrayLike<number>; values: ArrayLike<number> }[];

type Point = [seconds: number, value: string];
type Result = { metric: Record<string, string>; value?: Point; values?: Point[] };

const numberOf = (text: string): number =>
  text.endsWith("Inf") ? Number(text.replace("Inf", "Infinity")) : Number(text);

const columnOf = (metric: Record<string, string>, points: Point[]): Columns[number] => ({
  labels: LabelSet.of(metric),
  times: points.map(([seconds]) => Math.round(seconds * 1000)),
  values: points.map(([, value]) => numberOf(value)),
});

/** An answer of Prometheus as series, or the kind of its error. */
export function readAnswer({ status, errorType, data }: PrometheusAnswer): Columns | string {
  if (status === "error" || !data) return errorType ?? "error";
  if (data.resultType === "scalar" || data.resultType === "string") return [columnOf({}, [data.result as Point])];
  return (data.result as Result[]).map(({ metric, value, values }) =>
    columnOf(metric, values ?? (value ? [value] : [])),
  );
}

function isSame(own: number, other: number): boolean {
  if (Number.isNaN(own) || Number.isNaN(other)) return Number.isNaN(own) === Number.isNaN(other);
  if (own === other) return true;
  return Math.abs(own - other) <= 1e-9 * Math.max(Math.abs(own), Math.abs(other));
}

/**
 * Asserts that two results are the same, series by series and to 1e-9 of each value, or that both fail in the same way. `unlike` names the
 * series whose values may differ.
 */
export function assertSame(
  own: Columns | string,
  other: Columns | string,
  what: string,
  { unlike = () => false }: { unlike?: (labels: LabelSet) => boolean } = {},
): void {
  if (typeof own === "string" || typeof other === "string") {
    assert.deepEqual(own, other, what);
    return;
  }
  const wanted = new Map(other.map((column) => [column.labels.key, column]));
  assert.deepEqual(
    own.map(({ labels }) => String(labels)).sort(),
    other.map(({ labels }) => String(labels)).sort(),
    what,
  );
  for (const { labels, times, values } of own) {
    const theirs = wanted.get(labels.key) as Columns[number];
    assert.deepEqual(Array.from(times), Array.from(theirs.times), `${what}: ${labels}`);
    if (unlike(labels)) continue;
    for (let n = 0; n < times.length; n++) {
      const [left, right] = [values[n] as number, theirs.values[n] as number];
      assert.ok(isSame(left, right), `${what}: ${labels} is ${left} here and ${right} there at ${times[n]}`);
    }
  }
}
