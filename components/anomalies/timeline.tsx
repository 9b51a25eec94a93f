"use client";

import { useQuery } from "@tanstack/react-query";
import { anomalyTimelineQuery, timelineSince } from "#components/anomalies/queries.ts";
import { CountBars } from "#components/charts/lazy-charts.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

type Props = { span: string; host?: number | undefined; className?: string };

/** How many anomalies began when, and how many a day that makes. */
export function AnomalyTimeline({ span, host, className }: Props) {
  const query = useQuery(anomalyTimelineQuery(timelineSince(span, host)));
  return (
    <Card className={className}>
      <CardTitle aside={query.data && <span className="figures">{query.data.perDay.toFixed(1)} per day</span>}>
        Anomalies started
      </CardTitle>
      <QueryView query={query} what="The timeline" skeleton={<Skeleton className="h-30" />}>
        {({ steps, stepMs }) => <CountBars title="Anomalies started" steps={steps} stepMs={stepMs} />}
      </QueryView>
    </Card>
  );
}
