import { DomainError, invalidField } from "#lib/errors.ts";

// Snappy's block format (github.com/google/snappy, format_description.txt). By hand: npm's package for Node is no faster at blocks of 100 KB, which it
// hands to native code, and the one in JavaScript has had no release since 2022.

const broken = () => invalidField("body", "The body is not snappy's block format, or was cut off: send it again");

/** The length that a block says it has once it is unpacked, and where its data begins. */
function readPreamble(block: Uint8Array): { length: number; start: number } {
  let length = 0;
  for (let n = 0; n < 5; n++) {
    const byte = block[n];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * n);
    if (byte < 0x80) return { length, start: n + 1 };
  }
  throw broken();
}

/**
 * Unpacks a block; one that says it is longer than `limit` bytes is refused before anything of it is.
 * @throws DomainError validation for what is no block, too-large
 */
export function uncompress(block: Buffer, limit: number): Buffer {
  const { length, start } = readPreamble(block);
  if (length > limit) {
    const message = `The body is longer than ${Math.floor(limit / 1024)} KiB once it is unpacked: send less at once`;
    throw new DomainError("too-large", message, { fields: [{ field: "body", message }] });
  }
  // An element of three bytes makes at most 64: what says that it is longer lies, and gets no memory.
  if (length > (block.length - start) * 64) throw broken();
  const output = Buffer.allocUnsafe(length);
  if (unpack(block, start, output) !== length) throw broken();
  return output;
}

const view = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const SHORT = 32;

/** Runs the elements of a block; answers how many bytes they made, or -1 where they are none. */
function unpack(block: Buffer, start: number, output: Buffer): number {
  const [end, limit, into] = [block.length, output.length, view(output)];
  let [from, to] = [start, 0];
  while (from < end) {
    const tag = block[from++] as number;
    if ((tag & 3) === 0) {
      let count = (tag >> 2) + 1;
      if (count > 60) {
        const bytes = count - 60;
        if (from + bytes > end) return -1;
        count = block.readUIntLE(from, bytes) + 1;
        from += bytes;
      }
      if (from + count > end || to + count > limit) return -1;
      // For a few bytes a call of native code costs more than they do.
      if (count <= SHORT) for (let n = 0; n < count; n++) output[to + n] = block[from + n] as number;
      else block.copy(output, to, from, from + count);
      from += count;
      to += count;
      continue;
    }
    let [count, offset] = [(tag >> 2) + 1, 0];
    if ((tag & 3) === 1) {
      count = ((tag >> 2) & 7) + 4;
      offset = ((tag >> 5) << 8) | (block[from] ?? 0);
      from += 1;
    } else if ((tag & 3) === 2) {
      offset = (block[from] ?? 0) | ((block[from + 1] ?? 0) << 8);
      from += 2;
    } else {
      if (from + 4 > end) return -1;
      offset = block.readUInt32LE(from);
      from += 4;
    }
    if (from > end || offset === 0 || offset > to || to + count > limit) return -1;
    copyWithin(output, into, to, offset, count);
    to += count;
  }
  return to;
}

/** Repeats what lies `offset` bytes before: bytes that are still being written too where that is nearer than they are many. */
function copyWithin(output: Buffer, into: DataView, to: number, offset: number, count: number): void {
  let n = 0;
  if (offset >= 4) for (; n + 4 <= count; n += 4) into.setUint32(to + n, into.getUint32(to + n - offset));
  for (; n < count; n++) output[to + n] = output[to + n - offset] as number;
}
