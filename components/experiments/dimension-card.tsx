"use client";

import { useQuery } from "@tanstack/react-query";
import { MetricTable } from "#components/experiments/metric-table.tsx";
import { dimensionsQuery, type Experiment } from "#components/experiments/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** Results by the values of the plan's dimension. */
export function DimensionCard({ experiment: { id, plan }, dimension }: { experiment: Experiment; dimension: string }) {
  const query = useQuery(dimensionsQuery(id));
  return (
    <Card>
      <CardTitle aside="Exploratory: many comparisons find something by chance">Results by {dimension}</CardTitle>
      <QueryView
        query={query}
        what="The results by dimension"
        skeleton={<Skeleton className="h-16" />}
        empty={<p className="text-muted text-xs">No exposures with a value of {dimension} yet.</p>}
      >
        {(values) =>
          values.map(({ dimension: value, metrics }) => (
            <details key={value} className="border-line border-t py-2">
              <summary className="cursor-pointer text-xs">{value}</summary>
              <MetricTable metrics={metrics} plan={plan} />
            </details>
          ))
        }
      </QueryView>
    </Card>
  );
}
