import { PANELS, type Panel, seriesOf } from "#lib/metrics/panels.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

const NOT_HERE = ["postgres-up", "pgbouncer-up", "postgres-size"];

const OF_REPLICATION = [
  "postgres-lag",
  "postgres-lag-bytes",
  "postgres-slots",
  "postgres-wal",
  "postgres-checkpoints",
  "postgres-io",
];

type ServerPanel = { panel: Panel; own: SeriesInfo[] };

const withSeries = (panels: Panel[], series: SeriesInfo[]): ServerPanel[] =>
  panels.map((panel) => ({ panel, own: seriesOf(panel, series) })).filter(({ own }) => own.length > 0);

/** The panels of a database server, each with its series. */
export const serverPanels = (series: SeriesInfo[]): ServerPanel[] =>
  withSeries(
    PANELS.filter(({ id }) => !NOT_HERE.includes(id)),
    series,
  );

/** Those of its replication, its write-ahead log and its I/O. */
export const replicationPanels = (series: SeriesInfo[]): ServerPanel[] =>
  withSeries(
    PANELS.filter(({ id }) => OF_REPLICATION.includes(id)),
    series,
  );
