"use client";

import { fetchTimeChart, TimeChart } from "#components/charts/lazy-charts.tsx";
import { panelRange } from "#components/charts/panel-range.ts";
import { resolutionNote } from "#components/charts/resolution-note.ts";
import { useCompared } from "#components/charts/use-compared.ts";
import { useWidth } from "#components/charts/use-width.ts";
import { useRange } from "#components/live/use-range.ts";
import { useShowProcesses } from "#components/processes/process-moments.tsx";
import { usePageTime } from "#components/time/page-time.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Panel } from "#lib/metrics/panels.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";
import type { RangeResult } from "#lib/tsdb/query.ts";

type Props = {
  host: number;
  panel: Panel;
  series: SeriesInfo[];
  height?: number;
  className?: string;
  wide?: boolean;
  /** A label that is not repeated at each line: the page says it. */
  impliedLabel?: string;
};

function withoutLabel(range: RangeResult, label: string | undefined): RangeResult {
  if (label === undefined) return range;
  const stripped = ({ [label]: _, ...labels }: Record<string, string>) => labels;
  return { ...range, series: range.series.map((entry) => ({ ...entry, labels: stripped(entry.labels) })) };
}

fetchTimeChart();

const NoData = ({ text }: { text: string }) => (
  <p className="flex min-h-[inherit] items-center justify-center text-muted text-xs">{text}</p>
);

/** Stands over the chart, by which its reader goes elsewhere. */
const NO_SAMPLES = (
  <p className="pointer-events-none absolute inset-0 flex items-center justify-center pb-12 pl-16 text-center text-muted text-xs">
    No samples in this range: choose a longer one
  </p>
);

/** A chart of a host's series, live; loaded when it comes near the screen. */
export function PanelCard({ host, panel, series, height = 180, className, wide = false, impliedLabel }: Props) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const { shown } = usePageTime();
  const shownRange = panelRange(host, series, shown, wide);
  const query = useRange(shownRange, width > 0);
  const compared = useCompared(shownRange, width > 0 && !query.isPlaceholderData ? query.data?.stepMs : undefined);
  const show = useShowProcesses();
  const skeleton = <Skeleton className="h-full min-h-[inherit]" />;
  return (
    <Card className={className}>
      <CardTitle aside={query.data && resolutionNote(query.data)}>{panel.title}</CardTitle>
      <div ref={ref} data-panel={panel.id} style={{ minHeight: height }}>
        {series.length === 0 ? (
          <NoData text="This host does not measure this" />
        ) : (
          <QueryView query={query} what={panel.title} skeleton={skeleton}>
            {(range) =>
              width === 0 ? (
                skeleton
              ) : (
                <div className="relative">
                  {range.series.every(({ points }) => points.length === 0) && NO_SAMPLES}
                  <TimeChart
                    title={panel.title}
                    unit={panel.unit}
                    rate={panel.rate}
                    compared={compared}
                    pick={
                      show
                        ? {
                            hint: "Click or press Enter for the processes",
                            onPick: (at) => show({ from: at, to: at + range.stepMs }),
                          }
                        : undefined
                    }
                    range={withoutLabel(range, impliedLabel)}
                    {...{ height, width }}
                  />
                </div>
              )
            }
          </QueryView>
        )}
      </div>
    </Card>
  );
}
