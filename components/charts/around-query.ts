import { queryOptions } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import { freshAtFirst } from "#components/layout/fresh-at-first.ts";
import * as contract from "#lib/contract/index.ts";

/** A series around something, [from, to) in ms. */
type Around = { hostId: number; seriesId: number; from: number; to: number };

const POINTS = 480;

/** What a series around something is asked by. */
export const aroundInput = ({ hostId, seriesId, from, to }: Around) => ({
  query: { host: hostId, series: [String(seriesId)], from: String(from), to: String(to), points: POINTS, shape: true },
});

/** A series around something. What a page brought along is not asked for again. */
export const aroundQuery = (around: Around) =>
  queryOptions({
    queryKey: ["around", around.hostId, around.seriesId, around.from, around.to],
    queryFn: ({ signal }) => call(contract.metrics.query, { ...aroundInput(around), signal }),
    staleTime: freshAtFirst,
  });
