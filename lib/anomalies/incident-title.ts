import type { AnomalyType, Direction } from "#lib/contract/enums.ts";
import { durationText } from "#lib/format/duration.ts";
import { formatText, formatValue } from "#lib/format/value.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";

/** Values within so many typical deviations of the expected are usual, as on the charts. */
const USUAL_DEVIATIONS = 3;

/** What the words of an anomaly rest on; values in `unit`, per second where it is a `rate`. */
export type Moved = {
  series: string;
  type: AnomalyType;
  direction: Direction;
  value: number;
  expected: number;
  deviation: number;
  unit: Unit;
  rate: boolean;
  detectedAt: Date;
  order: number;
  contribution: number;
};

/** The range that is usual of an anomaly's series: what cannot be below zero or above a whole is not said to be. */
export function usualRange({
  expected,
  deviation,
  unit,
}: Pick<Moved, "expected" | "deviation" | "unit">): [number, number] {
  const reach = USUAL_DEVIATIONS * Math.max(0, deviation);
  const most = unit === "percent" && expected <= 100 ? 100 : Number.POSITIVE_INFINITY;
  const least = expected >= 0 ? 0 : Number.NEGATIVE_INFINITY;
  return [Math.max(least, expected - reach), Math.min(most, expected + reach)];
}

/** "usually 20 to 35 %", in one unit where both have it. */
function usualText(moved: Moved): string {
  const { unit, rate } = moved;
  const [low, high] = usualRange(moved);
  const [lowText, highText] = [formatText(low, unit, rate), formatText(high, unit, rate)];
  if (lowText === highText) return `usually ${highText}`;
  const [from, to] = [formatValue(low, unit, rate), formatValue(high, unit, rate)];
  return `usually ${from.unit === to.unit ? from.value : lowText} to ${highText}`;
}

/** What moved, as a sentence of its own. */
export const movedSentence = (moved: Moved): string =>
  moved.type === "no_data" ? "The host sends no data" : `${seriesTitle(moved.series)} ${movedText(moved)}`;

/** How a series moved, as a sentence goes on after its name: "rose to 97 % (usually 20 to 35 %)". */
function movedText(moved: Moved): string {
  const { type, direction, value, unit, rate } = moved;
  if (type === "erratic") return "varies far more than usual";
  if (type === "flat") return `hardly changes any more, at ${formatText(value, unit, rate)}`;
  const [low, high] = usualRange(moved);
  const said = formatText(value, unit, rate);
  // Its own figures say nothing of one that was unusual for some minutes and is as expected again.
  if (value >= low && value <= high) return `was unusual, and is at ${said} (${usualText(moved)})`;
  return `${direction === "down" ? "fell" : "rose"} to ${said} (${usualText(moved)})`;
}

/** The anomaly that began first, of several of one instant the one that weighs most; undefined of none. */
export const firstMover = <M extends Pick<Moved, "order" | "contribution">>(members: M[]): M | undefined =>
  members.toSorted((a, b) => a.order - b.order || b.contribution - a.contribution)[0];

function followersText(first: Moved, members: Moved[]): string {
  const others = new Map(
    members.filter(({ series }) => series !== first.series).map(({ series, detectedAt }) => [series, detectedAt]),
  );
  if (others.size === 0) return "";
  const latest = Math.max(...[...others.values()].map((at) => at.getTime())) - first.detectedAt.getTime();
  const when = latest > 0 ? `followed within ${durationText(latest)}` : "moved at the same time";
  return `, ${others.size} ${others.size === 1 ? "other" : "others"} ${when}`;
}

/** What is the matter, in words: "CPU usage of web-1 rose to 97.0 % (usually 20.0 to 35.0 %), 4 others followed within 3 min". */
export function incidentTitle(host: string, members: Moved[]): string {
  const first = firstMover(members);
  if (!first) return `${host}: nothing is kept of what moved`;
  const rest = followersText(first, members);
  if (first.type === "no_data") return `${host} sends no data${rest}`;
  return `${seriesTitle(first.series)} of ${host} ${movedText(first)}${rest}`;
}
