/** Door: reading series from the database. */
export type { SampleColumns } from "./chunks/chunks.ts";
export { decodeChunk } from "./codec/chunk.ts";
export { CHUNK_CHANNEL, heldSeries } from "./held/held-series.ts";
export {
  readAfter,
  readIntervals,
  readNewest,
  readShortestIntervals,
  readSince,
  type StoredFrame,
} from "./query/frames.ts";
export { readAhead } from "./query/kept.ts";
export { readOlderSamples } from "./query/older-samples.ts";
export { putPoints } from "./query/point-text.ts";
export {
  LOOK_BACK_MS,
  queryColumns,
  queryRange,
  type RangeQuery,
  type RangeResult,
  type SeriesPoints,
} from "./query/range.ts";
export { readSamples } from "./query/resolutions.ts";
export { countSamplesOfHosts, joinRuns, mostSamples, readSamplesOfHosts, type Samples } from "./query/samples.ts";
export { findSeries, labelMatcher, selectSeries } from "./query/selector.ts";
