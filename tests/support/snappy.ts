import { varint } from "./protobuf.ts";

/** Snappy's block format without any compression: runs of literal bytes. */
export function snappyLiterals(bytes: Buffer): Buffer<ArrayBuffer> {
  const parts: Buffer[] = [Buffer.from(varint(bytes.length))];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const run = bytes.subarray(at, at + 65_536);
    parts.push(Buffer.from([61 << 2, (run.length - 1) & 0xff, (run.length - 1) >> 8]), run);
  }
  return Buffer.concat(parts);
}

const MIN_MATCH = 4;

/** The same with what repeats as copies, as senders make it: what four bytes were seen before is copied from there. */
export function snappy(bytes: Buffer): Buffer<ArrayBuffer> {
  const parts: Buffer[] = [Buffer.from(varint(bytes.length))];
  const seen = new Int32Array(1 << 14).fill(-1);
  let literal = 0;
  const flush = (end: number) => {
    for (let at = literal; at < end; at += 60) {
      const run = bytes.subarray(at, Math.min(end, at + 60));
      parts.push(Buffer.from([(run.length - 1) << 2]), run);
    }
  };
  for (let at = 0; at + MIN_MATCH <= bytes.length; ) {
    const key = bytes.readInt32LE(at);
    const slot = Math.imul(key, 0x1e35a7bd) >>> 18;
    const before = seen[slot] as number;
    seen[slot] = at;
    if (before < 0 || at - before > 0xffff || bytes.readInt32LE(before) !== key) {
      at += 1;
      continue;
    }
    let length = MIN_MATCH;
    while (length < 64 && at + length < bytes.length && bytes[before + length] === bytes[at + length]) length += 1;
    flush(at);
    const offset = at - before;
    parts.push(
      length <= 11 && offset < 2_048
        ? Buffer.from([1 | ((length - 4) << 2) | ((offset >> 8) << 5), offset & 0xff])
        : Buffer.from([2 | ((length - 1) << 2), offset & 0xff, offset >> 8]),
    );
    at += length;
    literal = at;
  }
  flush(bytes.length);
  return Buffer.concat(parts);
}
