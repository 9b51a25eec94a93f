import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#components/layout/api.ts";
import type { Wire } from "#components/layout/wire.ts";
import type { ExportFormat } from "#lib/contract/enums.ts";
import type { ExportRequest } from "#lib/contract/export-requests.ts";
import type { ExportJob } from "#lib/exports/jobs.ts";

/** A file that is made in the background, with its link while it has one. */
export type Job = Wire<ExportJob> & { path: string | null };

const KEY = ["export jobs"];
const [BUSY_MS, IDLE_MS] = [1_000, 15_000];

export const isMaking = ({ status }: Pick<Job, "status">): boolean => status === "queued" || status === "running";

/** The reader's files; request for often while one is in the making. */
export const useJobs = () =>
  useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api<Job[]>("/exports/jobs", { signal }),
    refetchInterval: ({ state }) => (state.data?.some(isMaking) ? BUSY_MS : IDLE_MS),
  });

export function useMakeJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { format: ExportFormat; request: ExportRequest }) =>
      api<Job>("/exports/jobs", { method: "POST", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useRemoveJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api(`/exports/jobs/${id}`, { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
