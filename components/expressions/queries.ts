import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type CallOutput, call } from "#components/layout/api.ts";
import * as contract from "#lib/contract/index.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

export type ChartedExpression = CallOutput<typeof contract.catalogue.chart>;

type Charted = { expression: string; host: number | undefined; spanMs: number; points: number };

/** The last `spanMs` of an expression, of all hosts or of one, at most `points` points a series; read again as it goes on. */
export const expressionQuery = ({ expression, host, spanMs, points }: Charted) =>
  queryOptions({
    queryKey: ["expression", expression, host, spanMs, points],
    enabled: points > 0,
    queryFn: ({ signal }) =>
      call(contract.catalogue.chart, {
        query: { expression, ...(host === undefined ? {} : { host }), from: `now-${spanMs}ms`, points },
        signal,
      }),
    placeholderData: keepPreviousData,
    refetchInterval: spanMs <= HOUR_MS ? 15 * SECOND_MS : MINUTE_MS,
  });
