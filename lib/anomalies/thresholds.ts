import type { MetricName } from "#lib/metrics/catalogue.ts";
import { type Settings, THRESHOLD_MINUTES } from "#lib/settings/schema.ts";

/** The metrics that a limit of the settings watches. */
export const LIMIT_OF = {
  "cpu.usage": "threshold_cpu_percent",
  "memory.usage": "threshold_memory_percent",
  "disk.usage": "threshold_disk_percent",
  "postgres.response": "threshold_response_ms",
} as const satisfies Partial<Record<MetricName, keyof Settings>>;

/** A limit is left only this far below it, so that a value that hovers does not raise it again and again. */
const RELEASE = 0.95;

/** `streak` counts samples on the side that would change `raised`. */
export type LimitState = { raised: boolean; streak: number };

export const LIMIT_START: LimitState = { raised: false, streak: 0 };

/** A limit's state after one more sample; `raised` turns over only after so many minutes in a row. */
export function watchLimit(state: LimitState, value: number, limit: number): LimitState {
  const turning = state.raised ? value < limit * RELEASE : value >= limit;
  const streak = turning ? state.streak + 1 : 0;
  return streak >= THRESHOLD_MINUTES ? { raised: !state.raised, streak: 0 } : { raised: state.raised, streak };
}
