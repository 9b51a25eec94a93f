import type { AnomalyType, Explanation } from "#lib/anomalies/detector.ts";
import { formatText } from "#lib/format/value.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** A sample with what is known of it: `at` in ms of the series' own zone. */
export type Told = { value: number; at: number; unit: Unit; rate: boolean };

/** Monday 09:00, in the zone that `at` is in. */
export function hourText(at: number): string {
  const date = new Date(at);
  return `${WEEKDAYS[date.getUTCDay()]} ${String(date.getUTCHours()).padStart(2, "0")}:00`;
}

function against({ expected, deviation }: Explanation, { value, unit, rate, at }: Told): string {
  const usual = `${formatText(expected, unit, rate)} usual for ${hourText(at)}`;
  const ratio = value / expected;
  if (expected > 0 && value > 0 && ratio >= 1.5) return `${ratio.toFixed(1)}× the ${usual}`;
  if (expected > 0 && value > 0 && ratio <= 1 / 1.5) return `${Math.round(ratio * 100)} % of the ${usual}`;
  const apart = formatText(Math.abs(value - expected), unit, rate);
  const times = deviation > 0 ? `, ${(Math.abs(value - expected) / deviation).toFixed(1)}× its usual distance` : "";
  return `${apart} ${value >= expected ? "above" : "below"} the ${usual}${times}`;
}

const WHAT: Record<AnomalyType, string> = {
  spike: "sudden",
  shift: "stays at a new level",
  seasonal: "unusual for this time, though not by itself",
  erratic: "swings far more than usual",
  flat: "hardly moves, which is unusual",
};

/** Why an event was raised, in words: 94 %, 3.1× the 30 % usual for Monday 09:00; sudden; not seen in 21 days. */
export function reasonFor(explanation: Explanation, told: Told): string {
  const days = Math.floor((told.at - explanation.since) / DAY_MS);
  const seen = days >= 2 ? `${days} days` : `${Math.max(1, Math.round((told.at - explanation.since) / HOUR_MS))} h`;
  return [
    `${formatText(told.value, told.unit, told.rate)}, ${against(explanation, told)}`,
    WHAT[explanation.type],
    ...(explanation.record ? [`not seen in ${seen}`] : []),
  ].join("; ");
}

/** Why a limit was raised. */
export function limitReason(limit: number, told: Told): string {
  const { value, unit, rate } = told;
  return `${formatText(value, unit, rate)}, over the limit of ${formatText(limit, unit, rate)} for three minutes`;
}
