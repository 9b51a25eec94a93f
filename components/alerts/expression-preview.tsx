"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { expressionChartQuery, type RuleCheck } from "#components/alerts/rule-queries.ts";
import { TimeChart } from "#components/charts/lazy-charts.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table } from "#components/ui/table.tsx";
import { plural } from "#lib/format/plural.ts";
import { formatText } from "#lib/format/value.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const PAST_MS = 6 * HOUR_MS;
const HEIGHT = 180;

const labelsText = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .filter(([name]) => name !== "alertname")
    .map(([name, text]) => `${name}="${text}"`)
    .join(", ") || "none";

/** The elements that an expression gives now: how many, and the first of them. */
export function ExpressionElements({ check: { series, hosts, elements, problem } }: { check: RuleCheck }) {
  if (series === 0)
    return (
      <p role="status" className="text-muted text-xs">
        {problem ?? "It gives no element now: nothing would fire."}
      </p>
    );
  return (
    <div role="status">
      <p className="figures mb-1 text-xs">
        It gives {plural(series, "element")} now, on {plural(hosts, "host")}: each would be an alert.
      </p>
      <Table columns={["Host", "Labels", "Value", "Summary"]}>
        {elements.map(({ host, labels, value, summary }) => (
          <tr key={JSON.stringify(labels)}>
            <td className="py-1.5 pr-3">{host}</td>
            <td className="break-all py-1.5 pr-3">{labelsText(labels)}</td>
            <td className="py-1.5 pr-3">{formatText(value, "count")}</td>
            <td className="break-words py-1.5">{summary}</td>
          </tr>
        ))}
      </Table>
      {series > elements.length && (
        <p className="figures mt-1 text-muted text-xs">And {series - elements.length} more.</p>
      )}
    </div>
  );
}

/** An expression over the past hours. */
export function ExpressionChart({ expr }: { expr: string }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const [to] = useState(() => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
  const span = { from: to - PAST_MS, to };
  const query = useQuery({ ...expressionChartQuery({ expr, ...span, points: width }), enabled: width > 0 });
  return (
    <div ref={ref} style={{ minHeight: HEIGHT }}>
      <QueryView query={query} what="The chart" skeleton={<Skeleton className="h-44" />}>
        {({ level, series, leftOut }) =>
          series.length === 0 ? (
            <p className="text-muted text-xs">It had no value in the past 6 hours.</p>
          ) : (
            <>
              <p className="figures mb-1 text-muted text-xs">
                Past 6 hours{level !== null && `, compared with ${formatText(level, "count")}`}
                {leftOut > 0 && `; ${leftOut} more series are not drawn`}
              </p>
              <TimeChart
                title="Expression"
                range={{
                  ...span,
                  ...{ stepMs: 0, resolutions: [] },
                  series: series.map(({ labels, points }, id) => ({
                    ...{ id, metric: "expression", name: labelsText(labels), labels, points },
                    ...{ unit: "count", kind: "gauge" as const, intervalMs: 0 },
                  })),
                }}
                unit="count"
                rate={false}
                height={HEIGHT}
                width={width}
              />
            </>
          )
        }
      </QueryView>
    </div>
  );
}
