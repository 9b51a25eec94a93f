"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { CompareCard } from "#components/insights/compare-card.tsx";
import { ForecastCard } from "#components/insights/forecast-card.tsx";
import { Recommendations } from "#components/insights/recommendations.tsx";
import { Bottlenecks, Signals, Trends } from "#components/insights/resources.tsx";
import type { InsightsNow } from "#components/insights/types.ts";
import { api } from "#components/layout/api.ts";
import { PageTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

type Named = { id: number; name: string };
type Props = { host: Named; hosts: Named[]; series: Named[]; decides: boolean; marks: boolean };

const REREAD_MS = 300_000;

export function Insights({ host, hosts, series, decides, marks }: Props) {
  const router = useRouter();
  const client = useQueryClient();
  const queryKey = ["insights", host.id];
  const { data, error, isError, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) => api<InsightsNow>(`/insights?host=${host.id}`, { signal }),
    refetchInterval: REREAD_MS,
  });
  return (
    <>
      <PageTitle
        note="What is coming, what is short, and what to do about it"
        aside={
          <span className="flex items-center gap-3">
            <ExportDialog what="insights" request={{ kind: "insights", host: host.id }} />
            {hosts.length > 1 && (
              <Select
                hiddenLabel
                label="Host"
                value={String(host.id)}
                onChange={(event) => router.push(`/insights?host=${event.target.value}`)}
                options={hosts.map(({ id, name }) => ({ value: String(id), title: name }))}
              />
            )}
          </span>
        }
      >
        Insights
      </PageTitle>
      {isError && !data && <Failure what="Insights" error={error} onRetry={() => void refetch()} />}
      {!data && !isError && <Skeleton className="h-96" />}
      {data && (
        <div className="grid items-start gap-3 xl:grid-cols-2">
          <div className="grid min-w-0 gap-3">
            <Recommendations
              host={host.id}
              all={data.recommendations}
              decides={decides}
              onDecided={(now) => client.setQueryData(queryKey, now)}
            />
            <ForecastCard key={host.id} host={host.id} series={series} />
            <CompareCard key={`compare ${host.id}`} host={host.id} marks={marks} />
          </div>
          <div className="grid min-w-0 gap-3">
            <Signals signals={data.signals} />
            <Bottlenecks bottlenecks={data.bottlenecks} />
            <Trends trends={data.trends} />
          </div>
        </div>
      )}
    </>
  );
}
