/** Door: reading series from the database. */
export type { Series } from "./chunks/chunks.ts";
export { decodeTable } from "./codec/chunk.ts";
export { readAfter, readIntervals, readNewest, readSince, type StoredFrame } from "./query/frames.ts";
export {
  MAX_POINTS,
  MAX_SERIES,
  queryRange,
  type RangeQuery,
  type RangeResult,
  type SeriesPoints,
} from "./query/range.ts";
export { readBuckets, readSamples } from "./query/resolutions.ts";
export { namedSeries } from "./query/selector.ts";
