import type { RuleAggregate, RuleOperator } from "#lib/contract/enums.ts";

/** What a condition wants to know of a series at an instant. Times in ms. */
export type Window =
  /** The samples of a time as one value, or of so much earlier. */
  | { kind: "samples"; windowMs: number; aggregate: RuleAggregate; shiftMs: number }
  /** The share of a time whose values are past a level. */
  | { kind: "share"; windowMs: number; operator: RuleOperator; level: number }
  /** The confidence of the surest anomaly that goes on. */
  | { kind: "anomaly" }
  /** How likely a level is reached in time. */
  | { kind: "forecast"; operator: RuleOperator; level: number; withinMs: number };

/** What is known of series at an instant; undefined where there is nothing. @throws whatever failed when it was read */
export type Values = { value(window: Window, seriesId: number): number | undefined };

/** Whether a value is past a level. */
export const isPast: Record<RuleOperator, (value: number, level: number) => boolean> = {
  ">": (value, level) => value > level,
  ">=": (value, level) => value >= level,
  "<": (value, level) => value < level,
  "<=": (value, level) => value <= level,
};

const FOLDS: Record<RuleAggregate, (values: number[]) => number> = {
  avg: (values) => values.reduce((sum, value) => sum + value / values.length, 0),
  min: (values) => values.reduce((least, value) => Math.min(least, value)),
  max: (values) => values.reduce((most, value) => Math.max(most, value)),
  last: (values) => values[values.length - 1] as number,
};

/** The values of a window as it wants them; undefined of none. */
export function foldWindow(window: Extract<Window, { windowMs: number }>, values: number[]): number | undefined {
  if (values.length === 0) return undefined;
  if (window.kind === "samples") return FOLDS[window.aggregate](values);
  return values.filter((value) => isPast[window.operator](value, window.level)).length / values.length;
}
