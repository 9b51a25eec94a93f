"use client";

import dynamic from "next/dynamic";
import { orLost } from "#components/ui/lost.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** Comes apart from its page, as all charts do. */
export const FigureChart = dynamic(
  orLost(() => import("#components/databases/figure-chart.tsx").then((charts) => charts.FigureChart)),
  { ssr: false, loading: () => <Skeleton className="h-40" /> },
);
