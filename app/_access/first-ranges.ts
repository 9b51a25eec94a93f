import { type FirstQuestion, question } from "#app/_access/first-data.ts";
import { GET as queryMetrics } from "#app/api/v1/metrics/query/route.ts";
import { type LiveRange, liveRangeInput, liveRangeQuery } from "#components/live/queries.ts";
import { apiTime } from "#components/time/shown-time.ts";
import * as contract from "#lib/contract/index.ts";

/** What panels ask at first, but for those without series. */
export const rangeQuestions = (ranges: readonly LiveRange[]): FirstQuestion[] =>
  ranges
    .filter(({ series }) => series.length > 0)
    .map((range) => {
      const input = liveRangeInput(range, apiTime(range.time, Date.now()));
      return question(liveRangeQuery(range), contract.metrics.query, input, queryMetrics);
    });
