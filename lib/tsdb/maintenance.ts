/** Door: what keeps the store small: compaction, retention, and what it takes on the disk. */
export { RESOLUTIONS } from "./chunks/resolution.ts";
export { compactDue } from "./maintenance/compact.ts";
export { type HostMove, moveSeries, type SeriesMap } from "./maintenance/move-host.ts";
export { dropEmptyPartitions } from "./maintenance/partitions.ts";
export { applyRetention, cutoffs, planRetention } from "./maintenance/retention.ts";
export { measureStorage } from "./maintenance/storage.ts";
