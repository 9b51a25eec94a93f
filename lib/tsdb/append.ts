/** Door: storing frames. */
export { appendBulk } from "./append/bulk.ts";
export { FRAME_CHANNEL, type FrameNotice, FrameWriter, FUTURE_MS, type UnstoredPart } from "./append/frame-writer.ts";
export { Registry } from "./catalog/registry.ts";
