import { withOption } from "#components/ui/select.tsx";
import { durationText } from "#lib/format/duration.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

type Option = { value: string; title: string };

export const plain = (values: readonly string[]): Option[] => values.map((value) => ({ value, title: value }));

const spanTitle = (ms: number, none = "0"): string =>
  ms === 0 ? none : ms < MINUTE_MS ? `${ms / SECOND_MS} s` : durationText(ms);

const spans = (values: number[], none?: string): Option[] =>
  values.map((ms) => ({ value: String(ms), title: spanTitle(ms, none) }));

const minutes = (...counts: number[]) => counts.map((count) => count * MINUTE_MS);

export const WINDOWS = spans([10 * SECOND_MS, 30 * SECOND_MS, ...minutes(1, 5, 15, 60), DAY_MS]);
export const WAITS = spans([0, ...minutes(1, 2, 5, 10, 30, 60)], "At once");
export const EARLIER = spans([HOUR_MS, DAY_MS, 7 * DAY_MS]);
export const WITHIN = spans([HOUR_MS, 6 * HOUR_MS, DAY_MS, 3 * DAY_MS, 7 * DAY_MS, 14 * DAY_MS, 30 * DAY_MS]);
export const EVERY = spans([...minutes(1, 5, 15), HOUR_MS, 6 * HOUR_MS, DAY_MS, 7 * DAY_MS]);
export const EVALUATED = spans([10 * SECOND_MS, 30 * SECOND_MS, ...minutes(1, 5, 15), HOUR_MS]);
export const GRACES = spans([0, ...minutes(1, 5, 15), HOUR_MS, 6 * HOUR_MS], "None");

export const DIRECTIONS: Option[] = [
  { value: "up", title: "Up" },
  { value: "down", title: "Down" },
  { value: "any", title: "Either way" },
];

export const KINDS: Option[] = [
  { value: "threshold", title: "Threshold" },
  { value: "change", title: "Change" },
  { value: "absence", title: "Absence of data" },
  { value: "anomaly", title: "Anomaly" },
  { value: "forecast", title: "Forecast" },
  { value: "burn_rate", title: "SLO burn rate" },
  { value: "composite", title: "Several conditions" },
  { value: "heartbeat", title: "Heartbeat of a job" },
  { value: "expression", title: "PromQL expression" },
];

export const NO_DATA: Option[] = [
  { value: "state", title: "A state of its own" },
  { value: "keep", title: "What held before" },
  { value: "firing", title: "The alert fires" },
  { value: "ok", title: "All is well" },
];

export const COMBINES: Option[] = [
  { value: "all", title: "All of these hold" },
  { value: "any", title: "Any of these holds" },
];

export const COUNTED: Option[] = [
  { value: "share", title: "The share of time in which a value is bad" },
  { value: "ratio", title: "Failures of a total" },
];

/** The choices, with the value that stands where it is none of them. */
export const including = (options: Option[], value: string): Option[] =>
  withOption(options, { value, title: spanTitle(Number(value)) });
