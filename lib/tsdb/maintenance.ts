/** Door: what keeps the store small: compaction, retention, and what it takes on the disk. */
export { RAW, TIERS } from "./chunks/resolution.ts";
export { sealDue } from "./maintenance/compact.ts";
export { dropSealedPartitions } from "./maintenance/partitions.ts";
export { applyRetention, cutoffs, planRetention } from "./maintenance/retention.ts";
export { measureStorage } from "./maintenance/storage.ts";
