import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import * as contract from "#lib/contract/index.ts";

export const helpQuery = (search: string) =>
  queryOptions({
    queryKey: ["help", search],
    queryFn: ({ signal }) => call(contract.system.searchHelp, { query: { search }, signal }),
    enabled: search !== "",
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
