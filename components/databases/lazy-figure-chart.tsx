"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** Comes apart from its page, as all charts do. */
export const FigureChart = dynamic(
  () => import("#components/databases/figure-chart.tsx").then((charts) => charts.FigureChart),
  { ssr: false, loading: () => <Skeleton className="h-40" /> },
);
