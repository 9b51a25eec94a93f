"use client";

import { useQuery } from "@tanstack/react-query";
import { api } from "#components/layout/api.ts";
import { MetricCard } from "#components/overview/metric-card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import type { OverviewCard } from "#lib/hosts/overview.ts";

const REREAD_MS = 30_000;

export function Cards({ host, initial }: { host: number; initial: OverviewCard[] }) {
  const { data, error, isError, refetch } = useQuery({
    queryKey: ["overview", host],
    queryFn: ({ signal }) => api<OverviewCard[]>(`/metrics/overview?host=${host}`, { signal }),
    initialData: initial,
    refetchInterval: REREAD_MS,
  });
  return (
    <>
      {isError && (
        <div className="mb-4">
          <Failure what="The newest figures" error={error} onRetry={() => void refetch()} />
        </div>
      )}
      <div className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
        {data.map((card) => (
          <MetricCard key={card.key} card={card} onStale={() => void refetch()} />
        ))}
      </div>
    </>
  );
}
