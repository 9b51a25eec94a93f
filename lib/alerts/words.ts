import type { Finding } from "#lib/alerts/observe.ts";
import { storable } from "#lib/contract/storable.ts";
import { durationText } from "#lib/format/duration.ts";
import { signedShare } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { downTitle, seriesTitle } from "#lib/metrics/titles.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

const SIDES: Record<string, string> = { ">": "above", ">=": "at or above", "<": "below", "<=": "at or below" };

/** What is the matter, in words that need no host: "CPU usage 95.3 %, above 80.0 %". */
export function summaryOf({ rule, series, observation, value, element }: Finding): string {
  const { condition, windowMs } = rule;
  const title = condition.kind === "expression" ? rule.name : seriesTitle(series.name);
  const figure = (number: number) => formatText(number, series.unit, isCumulative(series.kind));
  if (observation.kind === "error") return `${title} could not be judged: ${storable(observation.message)}`;
  if (observation.kind === "no_data") return `${title} has no data`;
  const shown = value === null ? title : `${title} ${figure(value)}`;
  switch (condition.kind) {
    case "threshold":
      if (value === 0) {
        const down = downTitle(series.metric, series.labels);
        if (down !== undefined) return down;
      }
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
      return `${title} is unusual (confidence ${shareText(value)})`;
    case "forecast":
      return `${title} is ${shareText(value)} likely to be ${SIDES[condition.operator]} ${figure(condition.level)} within ${durationText(condition.withinMs)}`;
    case "burn_rate":
      return `${title} burns its error budget ${(value ?? 0).toPrecision(2)} times as fast as ${condition.objective * 100} % allows`;
    case "composite": {
      const count = condition.operator === "all" ? `all ${condition.parts.length}` : `one of ${condition.parts.length}`;
      return `${shown}; ${count} conditions of the rule hold`;
    }
    case "expression":
      return element?.annotations.summary?.trim().replaceAll(/\s+/g, " ") || shown;
    case "heartbeat":
      return `The job ${rule.name} has not reported in time; the last report was ${durationText((value ?? 0) * SECOND_MS)} before`;
  }
}

/** What an alert means and where that is written: of an element of an expression by its annotations. */
export function notesOf({ rule, element }: Finding): { note: string; runbook: string } {
  const { description = "", message = "", runbook_url: link = "" } = element?.annotations ?? {};
  return { note: description || message || rule.note, runbook: /^https?:\/\//.test(link) ? link : rule.runbook };
}

const shareText = (share: number | null): string => `${Math.round((share ?? 0) * 100)} %`;

/** The unit of the value that a finding was judged by, and whether it is a rate. */
export function unitOf({ rule: { condition }, series: { unit, kind } }: Finding): { unit: string; rate: boolean } {
  if (condition.kind === "anomaly" || condition.kind === "forecast") return { unit: "1", rate: false };
  if (condition.kind === "burn_rate") return { unit: "x", rate: false };
  return { unit, rate: isCumulative(kind) };
}
