import type { Unit } from "#lib/metrics/catalogue.ts";

/** A chart of a PromQL expression, as dashboards are made of. */
export type ExpressionPanel = {
  title: string;
  expression: string;
  unit: Unit;
  /** Whether the values are per second, which the unit then says. */
  rate?: boolean;
  /** What a line is called: `{{instance}} {{device}}`. Default: the labels in which the lines differ. */
  legend?: string;
};
