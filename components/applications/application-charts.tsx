"use client";

import { useQuery } from "@tanstack/react-query";
import type { Subject } from "#components/applications/addresses.ts";
import { type History, historyQuery } from "#components/applications/queries.ts";
import { rangeOf } from "#components/applications/range.ts";
import { useTracePick } from "#components/applications/trace-pick.ts";
import { TimeChart } from "#components/charts/lazy-charts.tsx";
import type { TimeMark } from "#components/charts/time-mark.ts";
import { useWidth } from "#components/charts/use-width.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

type Name = History["series"][number]["name"];

const CHARTS: { title: string; names: Name[]; unit: string; factor: number }[] = [
  { title: "Requests per second", names: ["rate"], unit: "count", factor: 1 },
  { title: "Errors", names: ["errors"], unit: "percent", factor: 100 },
  { title: "Response time", names: ["p50", "p95", "p99"], unit: "ms", factor: 1_000 },
];

const HEIGHT = 180;

type Props = { subject: Subject; marks: TimeMark[] };

function Chart({ chart, subject, marks }: Props & { chart: (typeof CHARTS)[number] }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const query = useQuery(historyQuery(subject, usePageTime()));
  const pick = useTracePick(subject);
  const { title, unit, factor } = chart;
  const lines = (history: History) => history.series.filter(({ name }) => chart.names.includes(name));
  return (
    <Card>
      <CardTitle>{title}</CardTitle>
      <div ref={ref} style={{ minHeight: HEIGHT }}>
        <QueryView
          query={query}
          what={title}
          skeleton={<Skeleton className="h-full min-h-[inherit]" />}
          isEmpty={(history) => lines(history).every(({ points }) => points.every(([, value]) => value === null))}
          empty={<p className="text-muted text-xs">No request in this range: choose a longer one.</p>}
        >
          {(history) => (
            <TimeChart
              {...{ title, unit, marks, pick, width }}
              rate={false}
              range={rangeOf(history, lines(history), { unit, factor })}
              height={HEIGHT}
            />
          )}
        </QueryView>
      </div>
    </Card>
  );
}

/** How a service or an operation did over the range. */
export const ApplicationCharts = (props: Props) => (
  <div className="grid gap-3 lg:grid-cols-3">
    {CHARTS.map((chart) => (
      <Chart key={chart.title} chart={chart} {...props} />
    ))}
  </div>
);
