import type { Explanation, LearnedAnomalyType } from "#lib/anomalies/detector.ts";
import { formatText } from "#lib/format/value.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";

/** From this ratio on "3.1 times" says more than a difference; beyond the greatest it says no more than both figures do. */
const MIN_RATIO = 1.5;
const MAX_RATIO = 100;

/** A value in its unit, of a counter (`rate`) per second. */
type Measurement = { value: number; unit: Unit; rate: boolean };

/** A measurement at `at`, in ms of the series' own zone. */
export type Sample = Measurement & { at: number };

/** Three significant digits at most. */
const ratioText = (ratio: number): string => (ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0));

/** A difference of two values: of percentages in points. */
function differenceText(difference: number, { unit, rate }: Measurement): string {
  if (unit !== "percent") return formatText(difference, unit, rate);
  return `${formatText(difference, unit, rate).replace(/ ?%$/, "")} points`;
}

const isZero = (text: string): boolean => Number.parseFloat(text) === 0;

/** How far a value lies from what was expected, in the words that say most: a multiple, a share, a difference, or both figures. */
function comparison({ type, expected }: Explanation, sample: Measurement): string {
  const { value, unit, rate } = sample;
  const expectedText = formatText(expected, unit, rate);
  // Not which hour that is: each reader's clock shows another.
  const usual = `${expectedText} expected${type === "seasonal" ? "" : " at this time of the week"}`;
  const comparable = value > 0 && expected > 0 && !isZero(expectedText);
  const ratio = comparable ? value / expected : 1;
  if (ratio >= MIN_RATIO && ratio < MAX_RATIO) return `${ratioText(ratio)} times the ${usual}`;
  if (ratio <= 1 / MIN_RATIO && ratio > 1 / MAX_RATIO) return `${Math.round(ratio * 100)} % of the ${usual}`;
  const difference = differenceText(Math.abs(value - expected), sample);
  const far = ratio >= MAX_RATIO || ratio <= 1 / MAX_RATIO;
  if (far || [expectedText, difference, formatText(value, unit, rate)].some(isZero)) return `with ${usual}`;
  return `${difference} ${value >= expected ? "above" : "below"} the ${usual}`;
}

/** How a value that is as expected again was unusual: its own figures say nothing, the minutes before it do. */
const BACK: Record<Exclude<LearnedAnomalyType, "erratic" | "flat">, string> = {
  spike: "Brief unusual values",
  shift: "At an unusual level for up to an hour",
  seasonal: "Unusual for the time of the week",
};

const RISES = { spike: "Jumped to", shift: "Rose to a new level of", seasonal: "Unusual for the time of the week:" };
const FALLS = { spike: "Dropped to", shift: "Fell to a new level of", seasonal: "Unusual for the time of the week:" };

function whatHappened(explanation: Explanation, sample: Sample): string {
  const { type, expected, deviation } = explanation;
  const { value, unit, rate } = sample;
  const [valueText, expectedText] = [formatText(value, unit, rate), formatText(expected, unit, rate)];
  if (type === "erratic" || type === "flat") {
    const spread = differenceText(deviation, sample);
    const usual = isZero(spread) ? "" : `; values usually differ from the expected by ${spread}`;
    const where = isZero(expectedText) ? "" : `, around the expected ${expectedText}`;
    return `${type === "flat" ? `Hardly changes, at ${valueText}` : `Varies far more than usual${where}`}${usual}`;
  }
  if (valueText === expectedText) return `${BACK[type]}, back at the expected ${valueText}`;
  return `${(value > expected ? RISES : FALLS)[type]} ${valueText}, ${comparison(explanation, sample)}`;
}

/**
 * Why an anomaly was raised, in a sentence without its subject and its full stop: "Jumped to 93.0 %, 3.1 times the 30.0 %
 * expected at this time of the week; not seen in the past 21 days". Figures that tell nothing (0 above 0) are left out.
 */
export function anomalyReason(explanation: Explanation, sample: Sample): string {
  const what = whatHappened(explanation, sample);
  if (!explanation.record) return what;
  const historyMs = sample.at - explanation.since;
  const hours = Math.max(1, Math.round(historyMs / HOUR_MS));
  const span =
    historyMs >= 2 * DAY_MS ? `${Math.floor(historyMs / DAY_MS)} days` : hours === 1 ? "hour" : `${hours} hours`;
  return `${what}; not seen in the past ${span}`;
}
