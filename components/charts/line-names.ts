import type { SeriesPoints } from "#lib/tsdb/query.ts";

const LAST_PART = /\.([^.]+)$/;

/** The shortest names that still tell the lines of a chart apart: the labels, or the end of the metric, or both. */
export function lineNames(series: Pick<SeriesPoints, "id" | "metric" | "labels">[]): Map<number, string> {
  const metrics = new Set(series.map((s) => s.metric));
  const labels = new Set(series.map((s) => JSON.stringify(s.labels)));
  return new Map(
    series.map((s) => {
      const label = Object.values(s.labels).join(" ");
      const end = metricEnd(s.metric, metrics);
      if (metrics.size === 1) return [s.id, label || end];
      return [s.id, labels.size > 1 && label ? `${label} ${end}` : end];
    }),
  );
}

/** network.receive.bytes beside network.transmit.bytes is "receive"; cpu.user beside cpu.system is "user". */
function metricEnd(metric: string, all: Set<string>): string {
  const parts = metric.split(".");
  const differing = parts.filter((part, i) => [...all].some((other) => other.split(".")[i] !== part));
  return (differing.length > 0 ? differing.join(" ") : (LAST_PART.exec(metric)?.[1] ?? metric)).replaceAll("_", " ");
}
