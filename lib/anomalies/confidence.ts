/**
 * How likely an event of this evidence is a true one: the share of the detector's alarms that lay in a labelled window, on
 * the 29 open series of the Numenta Anomaly Benchmark, by the highest evidence that the event reached (docs/detection.md
 * has the table). A logistic curve through six groups of 20 alarms.
 */
export const confidenceOf = (evidence: number): number => 1 / (1 + Math.exp(-1.3 * (evidence - 1.7)));

export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Below even odds nobody is to be woken; above nine in ten somebody is. */
export function severityOf(confidence: number): Severity {
  return confidence >= 0.9 ? "critical" : confidence >= 0.5 ? "warning" : "info";
}
