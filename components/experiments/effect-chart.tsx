"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { BandChart } from "#components/charts/lazy-charts.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import { chanceText } from "#components/experiments/labels.ts";
import { type Comparison, type Experiment, type MetricResult, timelineQuery } from "#components/experiments/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Select } from "#components/ui/select.tsx";
import { improvementOf } from "#lib/experiments/results.ts";
import { signedEffect } from "#lib/format/share.ts";

const NAMES = { expected: "improvement", band: "interval" };

/** The posterior of an improvement: a normal density around it. */
function Posterior({ comparison }: { comparison: Comparison }) {
  const [width, height, points] = [260, 72, 80];
  const { improvement, stderr, variant } = comparison;
  // Known without an error it is a line: drawn as narrow as can be seen.
  const reach = 4 * (stderr || Math.abs(improvement) / 50 || 1);
  const y = (n: number) => height - 4 - (height - 10) * Math.exp(-0.5 * ((8 * n) / points - 4) ** 2);
  const line = Array.from(
    { length: points + 1 },
    (_, n) => `${n === 0 ? "M" : "L"}${((n / points) * width).toFixed(1)} ${y(n).toFixed(1)}`,
  ).join("");
  const zero = Math.min(width, Math.max(0, ((reach - improvement) / (2 * reach)) * width));
  return (
    <figure className="mt-3" aria-label={`Posterior of ${variant}`}>
      <svg viewBox={`0 0 ${width} ${height}`} className="h-18 w-full max-w-sm" aria-hidden="true">
        <path d={`${line}L${width} ${height}L0 ${height}Z`} fill="var(--series-1)" fillOpacity="0.16" />
        <path d={line} fill="none" stroke="var(--series-1)" strokeWidth="1.5" />
        <line x1={zero} x2={zero} y1="0" y2={height} stroke="var(--muted)" strokeDasharray="3 3" />
      </svg>
      <figcaption className="figures text-muted text-xs">
        Posterior of {variant} (dashed: no improvement). Chance to win {chanceText(comparison.chanceToWin)}; expected
        loss if shipped {signedEffect(comparison.risk[1], { scale: comparison.scale }).slice(1)}.
      </figcaption>
    </figure>
  );
}

type TimelineProps = { experiment: Experiment; metric: MetricResult };

/** A metric's improvement by day, once it is near the screen. */
function Timeline({ experiment: { id }, metric }: TimelineProps) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const query = useQuery({ ...timelineQuery(id, metric.key), enabled: width > 0 });
  return (
    <div ref={ref}>
      <QueryView query={query} what="The effect over time">
        {(variants) =>
          variants.map(({ variant, days }) => {
            const absolute = days[0]?.scale === "absolute";
            const factor = absolute ? 1 : 100;
            const rows = days.map(({ at, effect, ci }) => {
              const { improvement, improvementCi } = improvementOf(metric.better, { effect, ci });
              return {
                at,
                expected: improvement * factor,
                band: improvementCi.map((end) => end * factor) as [number, number],
              };
            });
            return rows.length > 1 ? (
              <BandChart
                key={variant}
                title={`Improvement of ${variant}${days[0]?.scale === "points" ? ", in points" : ""}`}
                {...{ rows, unit: absolute ? "" : "percent", rate: false, width, names: NAMES, height: 160 }}
                most={4 * Math.max(...(rows.at(-1)?.band ?? [100]).map(Math.abs))}
              />
            ) : (
              <p key={variant} className="text-muted text-xs">
                No chart of {variant} yet: it needs two days of results, and quantiles have none.
              </p>
            );
          })
        }
      </QueryView>
    </div>
  );
}

type Props = { experiment: Experiment; metrics: MetricResult[] };

/** A metric's improvement day by day with its interval and, under the Bayesian engine, its posterior now. */
export function EffectChart({ experiment, metrics }: Props) {
  const [chosen, setChosen] = useState(metrics[0]?.key ?? "");
  const metric = metrics.find(({ key }) => key === chosen);
  const [hasDays, hasPosterior] = [experiment.kind === "ab", experiment.plan.engine === "bayes"];
  if (!metric || (!hasDays && !hasPosterior)) return null;
  return (
    <Card>
      <CardTitle aside="against the control, above 0 is better">{hasDays ? "Effect over time" : "Posterior"}</CardTitle>
      <Select
        label="Metric"
        className="mb-3 max-w-xs"
        value={chosen}
        onChange={(event) => setChosen(event.target.value)}
        options={metrics.map(({ key, name }) => ({ value: key, title: name }))}
      />
      {hasDays && <Timeline key={chosen} experiment={experiment} metric={metric} />}
      {hasPosterior &&
        metric.comparisons.map((comparison) => <Posterior key={comparison.variant} comparison={comparison} />)}
    </Card>
  );
}
