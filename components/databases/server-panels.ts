import { PANELS, type Panel, seriesOf } from "#lib/metrics/panels.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

const NOT_HERE = ["postgres-up", "pgbouncer-up", "postgres-size"];

/** The panels of a database server, each with its series. */
export const serverPanels = (series: SeriesInfo[]): { panel: Panel; own: SeriesInfo[] }[] =>
  PANELS.filter((panel) => !NOT_HERE.includes(panel.id))
    .map((panel) => ({ panel, own: seriesOf(panel, series) }))
    .filter(({ own }) => own.length > 0);
