import { queryOptions, useQuery } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { useChange } from "#components/layout/use-change.ts";
import * as contract from "#lib/contract/index.ts";

/** A file that is created in the background, with its link while it has one. */
export type ExportJob = CallOutput<typeof contract.exports.jobs>[number];

const [BUSY_MS, IDLE_MS] = [1_000, 15_000];

/** Whether a file waits or is being written. */
export const isPending = ({ status }: Pick<ExportJob, "status">): boolean =>
  status === "queued" || status === "running";

const exportJobsQuery = queryOptions({
  queryKey: ["export jobs"],
  queryFn: ({ signal }) => call(contract.exports.jobs, { signal }),
  refetchInterval: ({ state }) => (state.data?.some(isPending) ? BUSY_MS : IDLE_MS),
});

/** The reader's files; asked for more often while one is pending. */
export const useExportJobs = () => useQuery(exportJobsQuery);

export const useCreateExportJob = () =>
  useChange(exportJobsQuery.queryKey, (body: CallInput<typeof contract.exports.createJob>["body"]) =>
    call(contract.exports.createJob, { body }),
  );

export const useRemoveExportJob = () =>
  useChange(exportJobsQuery.queryKey, (id: number) => call(contract.exports.removeJob, { params: { id } }));
