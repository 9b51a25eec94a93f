import type { Finding } from "#lib/alerts/observe.ts";
import { durationText } from "#lib/format/duration.ts";
import { signedShare } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";

const SIDES: Record<string, string> = { ">": "above", ">=": "at or above", "<": "below", "<=": "at or below" };

/** Text that a database takes, whatever an error said. */
const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "");

/** What is the matter, in words that need no host: "CPU usage 95.3 %, above 80.0 %". */
export function summaryOf({ rule: { condition, windowMs }, series, observation, value }: Finding): string {
  const title = seriesTitle(series.name);
  const figure = (number: number) => formatText(number, series.unit, isCumulative(series.kind));
  if (observation.kind === "error") return `${title} could not be judged: ${storable(observation.message)}`;
  if (observation.kind === "no_data") return `${title} has no data`;
  const shown = value === null ? title : `${title} ${figure(value)}`;
  switch (condition.kind) {
    case "threshold":
      return `${shown}, ${SIDES[condition.operator]} ${figure(condition.level)}`;
    case "change": {
      const sign = condition.direction === "down" ? -1 : 1;
      const limit =
        condition.direction === "any" ? `${condition.percent} %` : signedShare((sign * condition.percent) / 100, 0);
      return `${shown}, changed by ${limit} or more against ${durationText(condition.againstMs)} earlier`;
    }
    case "absence":
      return `${title} has no samples in ${durationText(windowMs)}`;
    case "anomaly":
      return `${title} is unusual (confidence ${Math.round((value ?? 0) * 100)} %)`;
  }
}
