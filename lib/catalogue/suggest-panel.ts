import type { MetricKind } from "#lib/contract/enums.ts";
import { displayUnit } from "#lib/format/display-unit.ts";

/** Of more series than these a chart shows sums or means by host. */
const MOST_LINES = 20;

type Described = { promql: string; kind: MetricKind; unit: string; series: number };

/** What to chart of a metric: a gauge as it is, a counter as its rate, a histogram as its 95th percentile. */
export function suggestPanel({ promql, kind, unit, series }: Described): {
  expression: string;
  unit: string;
  rate: boolean;
} {
  const shown = displayUnit(unit);
  if (kind === "histogram")
    return {
      expression: `histogram_quantile(0.95, sum by (host, le) (rate(${promql}[5m])))`,
      unit: shown,
      rate: false,
    };
  const isMany = series > MOST_LINES;
  if (kind === "counter") {
    const rate = `rate(${promql}[5m])`;
    return { expression: isMany ? `sum by (host) (${rate})` : rate, unit: shown, rate: true };
  }
  return { expression: isMany ? `avg by (host) (${promql})` : promql, unit: shown, rate: false };
}
