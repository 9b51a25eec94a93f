import type { Asked } from "#lib/export/asked.ts";
import type { SeriesInfo } from "#lib/query/catalog.ts";

/** The samples that a page of series shows, by metric: all series of one are named at once. */
export const samplesOf = (host: number, series: Pick<SeriesInfo, "metric">[], spanMs: number): Asked => ({
  kind: "samples",
  host,
  series: [...new Set(series.map(({ metric }) => metric))],
  from: `now-${spanMs}ms`,
  to: "now",
  layout: "long",
});
