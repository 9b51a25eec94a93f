"use client";

import { useQuery } from "@tanstack/react-query";
import type { Alert } from "#components/alerts/queries.ts";
import { expressionChartQuery } from "#components/alerts/rule-queries.ts";
import { aroundQuery } from "#components/charts/around-query.ts";
import { BandChart } from "#components/charts/lazy-charts.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { seriesTitle } from "#lib/metrics/titles.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const BEFORE_MS = 2 * HOUR_MS;
const AFTER_MS = HOUR_MS;
const HEIGHT = 240;
const NOT_KEPT = "The samples of this time are not kept any more.";

/** The time around the alert: whole minutes, so that it is not read anew each second. */
function spanOf({ startedAt, endedAt }: Alert): { from: number; to: number } {
  const end = Math.min((endedAt?.getTime() ?? Date.now()) + AFTER_MS, Date.now());
  return {
    from: Math.floor((startedAt.getTime() - BEFORE_MS) / MINUTE_MS) * MINUTE_MS,
    to: Math.ceil(end / MINUTE_MS) * MINUTE_MS,
  };
}

const markOf = ({ startedAt, endedAt }: Alert, { to }: { to: number }) => [
  { from: startedAt.getTime(), to: endedAt?.getTime() ?? to },
];

function SeriesChart({ alert, level }: { alert: Alert; level: number | undefined }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const { hostId, seriesId, series } = alert;
  const span = spanOf(alert);
  const query = useQuery({ ...aroundQuery({ hostId, seriesId, ...span }), enabled: width > 0 && seriesId > 0 });
  if (seriesId === 0) return null;
  return (
    <Card>
      <CardTitle aside={<code className="break-all">{series}</code>}>{seriesTitle(series)}</CardTitle>
      <div ref={ref} style={{ minHeight: HEIGHT }}>
        <QueryView query={query} what="The chart" skeleton={<Skeleton className="h-60" />}>
          {({ series: [own] }) =>
            own ? (
              <BandChart
                title={seriesTitle(series)}
                rows={own.points.map(([at, value]) => ({ at, value }))}
                unit={own.unit}
                rate={own.kind !== "gauge"}
                height={HEIGHT}
                {...{ width, marked: markOf(alert, span), threshold: level }}
              />
            ) : (
              <p className="text-muted">{NOT_KEPT}</p>
            )
          }
        </QueryView>
      </div>
    </Card>
  );
}

/** The expression, and what it was for the alert's element. */
function ExpressionChart({ alert }: { alert: Alert }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const { expr, labels, hostId: host, rule } = alert;
  const span = spanOf(alert);
  const request = { expr, labels, host, ...span, points: width };
  const query = useQuery({ ...expressionChartQuery(request), enabled: width > 0 });
  return (
    <Card>
      <CardTitle>{rule}</CardTitle>
      <CodeBlock label="Expression" text={expr} className="mb-2" />
      <div ref={ref} style={{ minHeight: HEIGHT }}>
        <QueryView query={query} what="The chart" skeleton={<Skeleton className="h-60" />}>
          {({ level, series: [own] }) =>
            own ? (
              <BandChart
                title={rule}
                rows={own.points.map(([at, value]) => ({ at, value }))}
                unit="count"
                rate={false}
                height={HEIGHT}
                {...{ width, marked: markOf(alert, span), threshold: level }}
              />
            ) : (
              <p className="text-muted">{NOT_KEPT}</p>
            )
          }
        </QueryView>
      </div>
    </Card>
  );
}

/** What an alert is about, around it: its series, or its expression; nothing of one that has neither. */
export const AlertChart = ({ alert, level }: { alert: Alert; level: number | undefined }) =>
  alert.expr === "" ? <SeriesChart alert={alert} level={level} /> : <ExpressionChart alert={alert} />;
