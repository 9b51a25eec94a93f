"use client";

import { useQuery } from "@tanstack/react-query";
import { TimeChart } from "#components/charts/lazy-charts.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import { legendName } from "#components/expressions/legend.ts";
import { type ChartedExpression, expressionQuery } from "#components/expressions/queries.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { ExpressionPanel } from "#lib/metrics/expression-panel.ts";
import type { RangeResult } from "#lib/tsdb/query.ts";

const HEIGHT = 180;
/** A point each two pixels, in steps so that a small change of width does not ask again. */
const pointsFor = (width: number) => (width === 0 ? 0 : Math.max(60, Math.floor(width / 120) * 60));

/** The series as a chart draws them; a single line without a legend of its own is what the title says. */
function rangeOf(charted: ChartedExpression, { title, unit, legend }: ExpressionPanel): RangeResult {
  const { fromMs, toMs, stepMs, series } = charted;
  const isAlone = series.length === 1 && legend === undefined;
  return {
    ...{ from: fromMs, to: toMs, stepMs, resolutions: [] },
    series: series.map((line, id) => {
      const name = isAlone ? title : legendName(line, legend);
      const shown = { id, metric: title, name, labels: { name }, points: line.points, unit };
      return { ...shown, kind: "gauge" as const, intervalMs: 0 };
    }),
  };
}

const isEmpty = ({ series }: ChartedExpression) =>
  series.every(({ points }) => points.every(([, value]) => value === null));

type Props = { panel: ExpressionPanel; host?: number | undefined };

/** A chart of an expression, of all hosts or of one; loaded when it comes near the screen, and going on. */
export function ExpressionChart({ panel, host }: Props) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const time = usePageTime();
  const { title, expression, unit, rate = false } = panel;
  const query = useQuery(expressionQuery({ expression, host, time, points: pointsFor(width) }));
  const leftOut = query.data?.leftOut ?? 0;
  return (
    <Card>
      <CardTitle
        aside={<CopyButton act="PromQL" name={`Copy the PromQL of ${title}`} text={expression} className="-my-1" />}
      >
        {title}
      </CardTitle>
      <div ref={ref} style={{ minHeight: HEIGHT }}>
        <QueryView
          query={query}
          what={title}
          skeleton={<Skeleton className="h-full min-h-[inherit]" />}
          isEmpty={isEmpty}
          empty={
            <p className="flex min-h-[inherit] items-center justify-center text-muted text-xs">
              No data for this expression in the range
            </p>
          }
        >
          {(charted) => (
            <TimeChart title={title} range={rangeOf(charted, panel)} height={HEIGHT} {...{ unit, rate, width }} />
          )}
        </QueryView>
      </div>
      {leftOut > 0 && <p className="figures mt-1 text-muted text-xs">{leftOut} more series are not drawn</p>}
    </Card>
  );
}
