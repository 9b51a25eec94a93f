"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** Comes apart from its page, like all that recharts draws. */
export const FigureChart = dynamic(
  () => import("#components/databases/figure-chart.tsx").then((charts) => charts.FigureChart),
  { ssr: false, loading: () => <Skeleton className="h-40" /> },
);
