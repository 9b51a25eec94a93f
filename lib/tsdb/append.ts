/** Door: storing frames. */
export { appendBulk } from "./append/bulk.ts";
export { FRAME_CHANNEL, type FrameNotice } from "./append/frame-notice.ts";
export { FrameWriter, FUTURE_MS, type UnstoredPart } from "./append/frame-writer.ts";
export { Registry } from "./catalog/registry.ts";
export { type HostSeries, seriesKey } from "./foreign/host-series.ts";
export { SampleWriter, type SlotSamples } from "./foreign/sample-writer.ts";
export type { Slot } from "./foreign/slot.ts";
