"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { BandChart } from "#components/charts/band-chart.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import { api } from "#components/layout/api.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { EffectOverTime } from "#lib/experiments/read-results.ts";
import type { Comparison } from "#lib/experiments/results.ts";

type Timeline = { variant: string; days: EffectOverTime }[];

const NAMES = { expected: "effect", band: "interval" };

/** What is believed of an effect now: a normal density, its part beyond zero shaded. */
function Posterior({ one }: { one: Comparison }) {
  const [width, height, points] = [260, 72, 80];
  const reach = 4 * one.stderr;
  const x = (n: number) => one.effect - reach + (2 * reach * n) / points;
  const y = (value: number) => height - 4 - (height - 10) * Math.exp(-0.5 * ((value - one.effect) / one.stderr) ** 2);
  const place = (value: number) => ((value - one.effect + reach) / (2 * reach)) * width;
  const line = Array.from(
    { length: points + 1 },
    (_, n) => `${n === 0 ? "M" : "L"}${((n / points) * width).toFixed(1)} ${y(x(n)).toFixed(1)}`,
  ).join("");
  const zero = Math.min(width, Math.max(0, place(0)));
  return (
    <figure className="mt-3" aria-label={`Posterior of ${one.variant}`}>
      <svg viewBox={`0 0 ${width} ${height}`} className="h-18 w-full max-w-sm" aria-hidden="true">
        <path d={`${line}L${width} ${height}L0 ${height}Z`} fill="var(--series-1)" fillOpacity="0.16" />
        <path d={line} fill="none" stroke="var(--series-1)" strokeWidth="1.5" />
        <line x1={zero} x2={zero} y1="0" y2={height} stroke="var(--muted)" strokeDasharray="3 3" />
      </svg>
      <figcaption className="figures text-muted text-xs">
        Posterior of {one.variant}: {(one.chanceToWin * 100).toFixed(1)} % better than the control; shipping it when it
        is not would cost {(one.risk[1] * 100).toFixed(2)} % on average
      </figcaption>
    </figure>
  );
}

type Props = { id: number; metrics: { key: string; name: string; comparisons: Comparison[] }[]; dated: boolean };

/** A metric's effect day by day with its interval, and what is believed of it now. */
export function EffectChart({ id, metrics, dated }: Props) {
  const [chosen, setChosen] = useState(metrics[0]?.key ?? "");
  const { ref, width } = useWidth<HTMLDivElement>();
  const { data, error, isError, refetch } = useQuery({
    queryKey: ["timeline", id, chosen],
    enabled: dated && width > 0,
    queryFn: ({ signal }) =>
      api<Timeline>(`/experiments/${id}/timeline?metric=${encodeURIComponent(chosen)}`, { signal }),
  });
  const metric = metrics.find(({ key }) => key === chosen);
  return (
    <Card>
      <CardTitle aside="relative to the control">Effect over time</CardTitle>
      <Select
        label="Metric"
        className="mb-3 max-w-xs"
        value={chosen}
        onChange={(event) => setChosen(event.target.value)}
        options={metrics.map(({ key, name }) => ({ value: key, title: name }))}
      />
      <div ref={ref}>
        {isError && <Failure what="The effect" error={error} onRetry={() => void refetch()} />}
        {dated && !data && !isError && <Skeleton className="h-40" />}
        {data?.map(({ variant, days }) =>
          days.length > 1 ? (
            <BandChart
              key={variant}
              title={`Effect of ${variant}`}
              rows={days.map(({ at, effect, ci }) => ({
                at,
                expected: effect * 100,
                band: [ci[0] * 100, ci[1] * 100],
              }))}
              {...{ unit: "percent", rate: false, width, names: NAMES }}
              most={400 * Math.max(...(days.at(-1)?.ci ?? [1]).map(Math.abs))}
              height={160}
            />
          ) : (
            <p key={variant} className="text-muted text-xs">
              A second day of results draws the line of {variant}.
            </p>
          ),
        )}
        {metric?.comparisons.map((one) => (
          <Posterior key={one.variant} one={one} />
        ))}
      </div>
    </Card>
  );
}
