"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { AnomalyList } from "#components/anomalies/anomaly-list.tsx";
import { AnomalyFilters, useAnomalyFilters } from "#components/anomalies/filters.tsx";
import { IncidentList } from "#components/anomalies/incident-list.tsx";
import { AnomalyTimeline } from "#components/anomalies/timeline.tsx";
import type { Anomaly, Incident } from "#components/anomalies/types.ts";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { api } from "#components/layout/api.ts";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { ExportRequest } from "#lib/contract/export-requests.ts";

const REREAD_MS = 30_000;

type Found = { total: number; incidents?: Incident[]; anomalies?: Anomaly[] };

function useFound(): ReturnType<typeof useQuery<Found>> {
  const { filters } = useAnomalyFilters();
  const { span, view, host, severity, status, type } = filters;
  const search = new URLSearchParams({ from: `now-${span}`, limit: "200" });
  for (const [key, value] of Object.entries({ host, ...(view === "Anomalies" ? { severity, status, type } : {}) }))
    if (value) search.set(key, value);
  return useQuery({
    queryKey: ["anomalies", view, search.toString()],
    refetchInterval: REREAD_MS,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Found> => {
      if (view === "Anomalies") return api<{ total: number; anomalies: Anomaly[] }>(`/anomalies?${search}`, { signal });
      const incidents = await api<Incident[]>(`/incidents?${search}`, { signal });
      return { total: incidents.length, incidents };
    },
  });
}

/** The list that is shown, as an export asks for it. */
function askedOf({
  span,
  view,
  host,
  severity,
  status,
  type,
}: ReturnType<typeof useAnomalyFilters>["filters"]): ExportRequest {
  const ranged = { ...(host ? { host: Number(host) } : {}), from: `now-${span}`, to: "now" };
  if (view === "Incidents") return { kind: "incidents", ...ranged };
  const one = (value: string) => (value ? [value] : undefined);
  return {
    kind: "anomalies",
    ...ranged,
    severity: one(severity),
    status: one(status),
    type: one(type),
  } as ExportRequest;
}

export function Anomalies({ hosts }: { hosts: { id: number; name: string }[] }) {
  const { filters } = useAnomalyFilters();
  const { data, error, isError, refetch } = useFound();
  return (
    <>
      <PageTitle
        note="What was not as usual, or over its limit"
        aside={<ExportDialog what={filters.view.toLowerCase()} request={askedOf(filters)} />}
      >
        Anomalies
      </PageTitle>
      <AnomalyFilters hosts={hosts} />
      <AnomalyTimeline span={filters.span} host={filters.host} className="mb-3" />
      <Card>
        <CardTitle aside={data && <span className="figures">{data.total}</span>}>{filters.view}</CardTitle>
        {isError && !data && <Failure what="The list" error={error} onRetry={() => void refetch()} />}
        {!data && !isError && <Skeleton className="h-40" />}
        {data?.total === 0 && (
          <Notice title="Nothing unusual here">
            A series is judged by what it did before; in its first hours little is known. Settings, Detection has limits
            and sensitivity, with a preview of what they raise.
          </Notice>
        )}
        {data?.incidents && <IncidentList incidents={data.incidents} />}
        {data?.anomalies && <AnomalyList anomalies={data.anomalies} />}
      </Card>
    </>
  );
}
