import { PANELS, type Panel, seriesOf } from "#lib/metrics/panels.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

/** A chart of a host, with what it shows of it. */
export type PanelOfHost = { panel: Panel; series: SeriesInfo[] };

/** The charts that a host has series for, by group. */
export const panelGroups = (series: SeriesInfo[]): Map<string, PanelOfHost[]> =>
  Map.groupBy(
    PANELS.map((panel) => ({ panel, series: seriesOf(panel, series) })).filter((each) => each.series.length > 0),
    ({ panel }) => panel.group,
  );
