"use client";

import { TimeChart } from "#components/charts/time-chart.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import { useRange } from "#components/live/use-range.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Panel } from "#lib/metrics/panels.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

type Props = { host: number; panel: Panel; series: SeriesInfo[]; spanMs: number; height?: number; className?: string };

/** As many points as the chart is wide, in steps so that a small change of width does not ask again. */
const pointsFor = (width: number) => (width === 0 ? 0 : Math.min(Math.max(Math.floor(width / 120) * 120, 120), 1440));

/** A chart of a host's series, live; loaded when it comes near the screen. */
export function PanelCard({ host, panel, series, spanMs, height = 180, className }: Props) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const ids = series.map((s) => s.id);
  const { data, error, isError, refetch } = useRange(host, ids, spanMs, pointsFor(width));
  const silent = data?.series.every(({ points }) => points.length === 0);
  return (
    <Card className={className}>
      <CardTitle>{panel.title}</CardTitle>
      <div ref={ref} data-panel={panel.id} style={{ minHeight: height }}>
        {isError && !data ? (
          <Failure what={panel.title} error={error} onRetry={() => void refetch()} />
        ) : !data ? (
          <Skeleton className="h-full min-h-[inherit]" />
        ) : silent ? (
          <p className="flex min-h-[inherit] items-center justify-center text-muted text-xs">
            No sample in this span: choose a longer one
          </p>
        ) : (
          <TimeChart
            title={panel.title}
            range={data}
            unit={panel.unit}
            rate={panel.rate}
            height={height}
            width={width}
          />
        )}
      </div>
    </Card>
  );
}
