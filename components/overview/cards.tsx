"use client";

import { useQuery } from "@tanstack/react-query";
import { MetricCard } from "#components/overview/metric-card.tsx";
import { type OverviewCard, overviewQuery } from "#components/overview/queries.ts";
import { QueryView } from "#components/ui/query-view.tsx";

/** The figures of a host, from those that the page brought along. */
export function Cards({ host, initial }: { host: number; initial: OverviewCard[] }) {
  const query = useQuery({ ...overviewQuery(host), initialData: initial });
  return (
    <QueryView query={query} what="The current figures">
      {(cards) => (
        <div className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
          {cards.map((card) => (
            <MetricCard key={card.key} card={card} onStale={() => void query.refetch()} />
          ))}
        </div>
      )}
    </QueryView>
  );
}
