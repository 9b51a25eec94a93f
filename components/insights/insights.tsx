"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { HostPicker } from "#components/hosts/host-picker.tsx";
import { CompareCard } from "#components/insights/compare-card.tsx";
import { ForecastCard } from "#components/insights/forecast-card.tsx";
import { OngoingCard } from "#components/insights/ongoing.tsx";
import { insightsQuery } from "#components/insights/queries.ts";
import { Recommendations } from "#components/insights/recommendations.tsx";
import { Bottlenecks, Signals, Trends } from "#components/insights/resources.tsx";
import { PageTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { HostState } from "#lib/contract/hosts.ts";

type Named = { id: number; name: string };
type Props = {
  host: Named;
  hosts: (Named & { state: HostState })[];
  series: Named[];
  mayDecide: boolean;
  mayAnnotate: boolean;
};

function Head({ host, hosts }: Pick<Props, "host" | "hosts">) {
  return (
    <PageTitle
      note="What is wrong now, what to do about it, and what comes next"
      aside={
        <span className="flex flex-wrap items-center gap-3">
          <ExportDialog what="insights" request={{ kind: "insights", host: host.id }} />
          <HostPicker host={host} hosts={hosts} path="/insights" />
        </span>
      }
    >
      Insights
    </PageTitle>
  );
}

export function Insights({ host, hosts, series, mayDecide, mayAnnotate }: Props) {
  const client = useQueryClient();
  const options = insightsQuery(host.id);
  const query = useQuery(options);
  return (
    <>
      <Head host={host} hosts={hosts} />
      <QueryView query={query} what="Insights" skeleton={<Skeleton className="h-96" />}>
        {({ ongoing, covered, recommendations, signals, bottlenecks, trends }) => (
          <>
            <OngoingCard host={host.id} ongoing={ongoing} />
            <div className="grid items-start gap-3 xl:grid-cols-2">
              <div className="grid min-w-0 gap-3">
                <Recommendations
                  host={host.id}
                  recommendations={recommendations}
                  covered={covered}
                  mayDecide={mayDecide}
                  onUpdated={(insights) => client.setQueryData(options.queryKey, insights)}
                />
                <ForecastCard key={host.id} host={host.id} series={series} />
                <CompareCard key={`compare ${host.id}`} host={host.id} mayAnnotate={mayAnnotate} />
              </div>
              <div className="grid min-w-0 gap-3">
                <Signals signals={signals} />
                <Bottlenecks bottlenecks={bottlenecks} covered={covered} />
                <Trends trends={trends} covered={covered} />
              </div>
            </div>
          </>
        )}
      </QueryView>
    </>
  );
}
