"use client";

import dynamic from "next/dynamic";
import type { ComponentProps } from "react";
import { useWidth } from "#components/charts/use-width.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";

// A chart is of no use before there is something to draw: so it comes apart, and not at all where nothing is drawn. Bars bring recharts along, all
// others uPlot. The server draws none: only a browser knows how wide they are.
const Place = () => <Skeleton className="h-full min-h-40" />;

const loadTimeChart = () => import("#components/charts/time-chart.tsx").then(({ TimeChart }) => TimeChart);

export const TimeChart = dynamic(loadTimeChart, { ssr: false, loading: Place });

export const BandChart = dynamic(() => import("#components/charts/band-chart.tsx").then((charts) => charts.BandChart), {
  ssr: false,
  loading: Place,
});

const Bars = dynamic(() => import("#components/charts/count-bars.tsx").then((charts) => charts.CountBars), {
  ssr: false,
  loading: Place,
});

/** Bars once they are seen: recharts is a third of what a page loads. */
export function CountBars(props: ComponentProps<typeof Bars>) {
  const { ref, width } = useWidth<HTMLDivElement>(0);
  return (
    <div ref={ref} className="min-h-30">
      {width > 0 ? <Bars {...props} /> : <Place />}
    </div>
  );
}

/** Has a browser fetch the chart of a page that is sure to show it, while the page is made alive. */
export function fetchTimeChart(): void {
  if (typeof window !== "undefined") void loadTimeChart();
}
