import { isPast } from "#lib/alerts/conditions/windows.ts";
import type { RuleOperator } from "#lib/contract/enums.ts";
import { capacityDate, lastOfDays, MANY_DAYS } from "#lib/stats/forecast/capacity.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";

/** How much of a past (ms) a forecast is made from, in steps of which length (ms). */
export const FORECAST_PAST_MS = 28 * DAY_MS;
export const FORECAST_STEP_MS = HOUR_MS;

/**
 * How likely, 0 to 1, a series reaches a level within a time (ms), by samples an hour apart; undefined where fewer than twelve are known. By
 * the paths of capacityDate, which knows of no falling: what is to fall is turned over.
 */
export function reachProbability(
  samples: [number, number][],
  { operator, level, withinMs }: { operator: RuleOperator; level: number; withinMs: number },
): number | undefined {
  const last = samples.at(-1)?.[1];
  if (last === undefined) return undefined;
  if (isPast[operator](last, level)) return 1;
  const daily = [...lastOfDays(samples).values()];
  const points = daily.length >= MANY_DAYS ? daily : samples;
  const top = points.reduce((most, [, value]) => Math.max(most, value), level);
  const rises = operator.startsWith(">");
  const turned = rises ? points : points.map(([at, value]): [number, number] => [at, top - value]);
  return capacityDate(turned, { limit: rises ? level : top - level, horizonMs: withinMs })?.probability;
}
