import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type CallOutput, call } from "#components/layout/api.ts";
import { type Moment, momentText } from "#components/processes/moment.ts";
import * as contract from "#lib/contract/index.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

export type Processes = CallOutput<typeof contract.processes.read>;
export type ProcessRow = Processes["groups"][number];

const FOLLOW_MS = 5 * SECOND_MS;

/** Which processes of a host used most at a moment; that of now moves on. */
export const processesQuery = (host: number, moment: Moment) =>
  queryOptions({
    queryKey: ["processes", host, momentText(moment)],
    queryFn: ({ signal }) => {
      const span = moment === "now" ? {} : { from: String(moment.from), to: String(moment.to) };
      return call(contract.processes.read, { query: { host, ...span }, signal });
    },
    ...(moment === "now" ? { refetchInterval: FOLLOW_MS, placeholderData: keepPreviousData } : {}),
  });
