"use client";

import dynamic from "next/dynamic";
import { orLost } from "#components/ui/lost.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

// A chart is of no use before there is something to draw: so it comes apart, and not at all where nothing is drawn. The server draws none: only a browser knows how wide they are.
const Place = () => <Skeleton className="h-full min-h-40" />;

const loadTimeChart = () => import("#components/charts/time-chart.tsx").then(({ TimeChart }) => TimeChart);

export const TimeChart = dynamic(orLost(loadTimeChart), { ssr: false, loading: Place });

const loadBandChart = () => import("#components/charts/band-chart.tsx").then((charts) => charts.BandChart);

export const BandChart = dynamic(orLost(loadBandChart), { ssr: false, loading: Place });

export const CountBars = dynamic(
  orLost(() => import("#components/charts/count-bars.tsx").then((charts) => charts.CountBars)),
  {
    ssr: false,
    loading: () => <Skeleton className="h-30" />,
  },
);

const inBrowser = (load: () => Promise<unknown>) => () => {
  if (typeof window !== "undefined") void load();
};

/** Has a browser fetch the chart of a page that is sure to show it, while the page is made alive. */
export const fetchTimeChart = inBrowser(loadTimeChart);

/** The same of a chart with bands. */
export const fetchBandChart = inBrowser(loadBandChart);
