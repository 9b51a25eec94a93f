/** Door: what is done with points once they are read. Pure, so that a browser may load it. */
export { appendLive, type OpenBuckets } from "./query/append-live.ts";
export { affordableStep, roundStep, withoutGaps } from "./query/bucket.ts";
export { combinePoints, combineValues } from "./query/combine.ts";
export { lttb } from "./query/downsample.ts";
export type { Point } from "./query/fold.ts";
export { type ShownValues, shownValues } from "./query/live-values.ts";
