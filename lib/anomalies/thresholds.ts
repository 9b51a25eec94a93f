import { type Settings, THRESHOLD_MINUTES } from "#lib/contract/settings.ts";
import type { MetricName } from "#lib/metrics/catalogue.ts";

/** The metrics that have a threshold in the settings, and its key there. */
export const THRESHOLD_SETTINGS = {
  "cpu.usage": "threshold_cpu_percent",
  "memory.usage": "threshold_memory_percent",
  "disk.usage": "threshold_disk_percent",
  "postgres.response": "threshold_response_ms",
} as const satisfies Partial<Record<MetricName, keyof Settings>>;

/** An anomaly ends only this far below its threshold, so that a value that hovers does not begin one again and again. */
const RELEASE = 0.95;

/** Whether a threshold counts as exceeded; `streak` counts the minutes in a row that would change that. */
export type ThresholdState = { exceeded: boolean; streak: number };

/** The state before the first sample. */
export const THRESHOLD_START: ThresholdState = { exceeded: false, streak: 0 };

/** The state after one more minute with mean `value`, in the unit of `threshold`. */
export function updateThresholdState(state: ThresholdState, value: number, threshold: number): ThresholdState {
  const turning = state.exceeded ? value < threshold * RELEASE : value >= threshold;
  const streak = turning ? state.streak + 1 : 0;
  return streak >= THRESHOLD_MINUTES ? { exceeded: !state.exceeded, streak: 0 } : { exceeded: state.exceeded, streak };
}
