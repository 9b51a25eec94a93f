"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PanelCard } from "#components/charts/panel-card.tsx";
import { seriesQuery } from "#components/hosts/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { SearchField } from "#components/ui/search-field.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { isPart, PANELS } from "#lib/metrics/panels.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

const FIRST = 12;
const MORE = 24;
/** A chart of more lines is read by nobody. */
const MAX_LINES = 12;

const OWN = new Set<string>(PANELS.flatMap(({ metrics }) => metrics));
type Metric = { name: string; series: SeriesInfo[] };

/** Whether a metric stands in no chart of our own. */
export const isOther = (metric: string): boolean => !OWN.has(metric) && !isPart(metric);

/** Such metrics by name; of each its series in the order of their names. */
function otherMetrics(series: SeriesInfo[], wanted: string): Metric[] {
  const text = wanted.trim().toLowerCase();
  const others = series.filter(({ metric, name }) => isOther(metric) && name.toLowerCase().includes(text));
  return [...Map.groupBy(others, ({ metric }) => metric)]
    .map(([name, own]) => ({ name, series: own.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true })) }))
    .sort((a, b) => a.name.localeCompare(b.name, "en"));
}

function MetricCard({ host, metric: { name, series } }: { host: number; metric: Metric }) {
  const [first] = series;
  if (!first) return null;
  const shown = series.slice(0, MAX_LINES);
  const title = shown.length < series.length ? `${name} (${shown.length} of ${series.length} series)` : name;
  const panel = {
    id: `other-${name}`,
    title,
    metrics: [],
    group: "Other" as const,
    unit: first.unit,
    rate: isCumulative(first.kind),
  };
  return <PanelCard host={host} panel={panel} series={shown} />;
}

function MetricCards({ host, metrics }: { host: number; metrics: Metric[] }) {
  const [count, setCount] = useState(FIRST);
  const shown = metrics.slice(0, count);
  return (
    <>
      {shown.length === 0 && <p className="text-muted text-sm">No metric has this in its name or labels.</p>}
      <div className="grid gap-3 lg:grid-cols-2 3xl:grid-cols-3">
        {shown.map((metric) => (
          <MetricCard key={metric.name} {...{ host, metric }} />
        ))}
      </div>
      {shown.length < metrics.length && (
        <Button className="mt-4" onClick={() => setCount(count + MORE)}>
          Show more of {metrics.length} metrics
        </Button>
      )}
    </>
  );
}

/** Charts of metrics that Sightline does not know by name: those of inputs, and what it measures of itself. */
export function OtherMetrics({ host }: { host: number }) {
  const [wanted, setWanted] = useState("");
  const query = useQuery(seriesQuery(host));
  return (
    <section aria-labelledby="other" className="mb-6 scroll-mt-16">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3">
        <h2 id="other" className="font-medium">
          Other metrics
        </h2>
        <SearchField label="Search metrics" placeholder="Search name or label" value={wanted} onChange={setWanted} />
      </div>
      <QueryView query={query} what="The other metrics" skeleton={<Skeleton className="h-64" />}>
        {(series) => <MetricCards host={host} metrics={otherMetrics(series, wanted)} />}
      </QueryView>
    </section>
  );
}
