import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type CallOutput, call } from "#components/layout/api.ts";
import type { QueryTime } from "#components/time/query-time.ts";
import * as contract from "#lib/contract/index.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

export type ChartedExpression = CallOutput<typeof contract.catalogue.chart>;

type Charted = { expression: string; host: number | undefined; time: QueryTime; points: number };

/** An expression over a range, of all hosts or of one, at most `points` points a series; read again as it goes on. */
export const expressionQuery = ({ expression, host, time, points }: Charted) =>
  queryOptions({
    queryKey: ["expression", expression, host, ...time.key, points],
    enabled: points > 0,
    queryFn: ({ signal }) =>
      call(contract.catalogue.chart, {
        query: { expression, ...(host === undefined ? {} : { host }), ...time.range(), points },
        signal,
      }),
    placeholderData: keepPreviousData,
    refetchInterval: time.every(15 * SECOND_MS),
  });
