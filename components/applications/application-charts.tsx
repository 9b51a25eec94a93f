"use client";

import { useQuery } from "@tanstack/react-query";
import { type History, historyQuery, type Shown } from "#components/applications/queries.ts";
import { TimeChart } from "#components/charts/time-chart.tsx";
import { useWidth } from "#components/charts/use-width.ts";
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

/** The lines of a chart, in the unit that it shows. */
function rangeOf(history: History, { names, unit, factor }: (typeof CHARTS)[number]) {
  const series = history.series
    .filter(({ name }) => names.includes(name))
    .map(({ name, points }, id) => ({
      ...{ id, metric: name, labels: {}, name, unit, kind: "gauge" as const, intervalMs: history.stepMs },
      points: points.map(([at, value]): [number, number | null] => [at, value === null ? null : value * factor]),
    }));
  return { from: history.from, to: history.to, stepMs: history.stepMs, resolutions: ["raw" as const], series };
}

function Chart({ chart, shown, spanMs }: { chart: (typeof CHARTS)[number]; shown: Shown; spanMs: number }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const query = useQuery(historyQuery(shown, spanMs));
  return (
    <Card>
      <CardTitle>{chart.title}</CardTitle>
      <div ref={ref} style={{ minHeight: HEIGHT }}>
        <QueryView
          query={query}
          what={chart.title}
          skeleton={<Skeleton className="h-full min-h-[inherit]" />}
          isEmpty={(history) =>
            rangeOf(history, chart).series.every(({ points }) => points.every(([, v]) => v === null))
          }
          empty={<p className="text-muted text-xs">No request in this span: choose a longer one.</p>}
        >
          {(history) => (
            <TimeChart
              title={chart.title}
              unit={chart.unit}
              rate={false}
              range={rangeOf(history, chart)}
              {...{ height: HEIGHT, width }}
            />
          )}
        </QueryView>
      </div>
    </Card>
  );
}

/** How a service did over the span. */
export const ApplicationCharts = ({ shown, spanMs }: { shown: Shown; spanMs: number }) => (
  <div className="grid gap-3 lg:grid-cols-3">
    {CHARTS.map((chart) => (
      <Chart key={chart.title} {...{ chart, shown, spanMs }} />
    ))}
  </div>
);
