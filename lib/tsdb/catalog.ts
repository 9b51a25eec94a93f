/** Door: which series there are, and how new each host's frames are. */
export {
  countByHost,
  countLabels,
  countMetricsOfSources,
  type LabelCounts,
  lastSeenOf,
  listFamilies,
  type MetricFamily,
  readFamily,
} from "./catalog/metric-families.ts";
export { newestBySource, newestFrameAt, newestGauges, readSignOfLife, type SourceNewest } from "./catalog/newest.ts";
export {
  findSources,
  listSeries,
  listSeriesOfSources,
  readKinds,
  readMeasures,
  type SeriesInfo,
} from "./catalog/series.ts";
export {
  countSlots,
  type HostSeries,
  hostsWithSeries,
  listLabelNamesOfHosts,
  listLabelValuesOfHosts,
  listMetricsOfHosts,
  listSeriesOfHosts,
  type SeriesExtent,
  sourcesWithin,
  type Within,
} from "./catalog/series-of-hosts.ts";
