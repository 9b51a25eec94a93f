import { isUtf8 } from "node:buffer";
import { invalidField } from "#lib/errors.ts";

/** What is said of bytes that are no message. */
export const brokenMessage = () =>
  invalidField("body", "The body is no message of remote write in protobuf, or was cut off: send it again");

/**
 * Reads protobuf's wire format. By hand and not by a library, which makes an object of each label of each sample: here the labels of a series that came
 * before are found by their bytes.
 */
export class WireReader {
  readonly bytes: Buffer;
  readonly view: DataView;
  at = 0;
  /** Whether all texts until here were UTF-8. */
  isText = true;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** An unsigned number; beyond 2^53 it is not exact. @throws DomainError validation */
  unsigned(): number {
    const first = this.bytes[this.at++];
    if (first === undefined) throw brokenMessage();
    return first < 0x80 ? first : this.#long(first);
  }

  #long(first: number): number {
    let [low, n] = [first & 0x7f, 1];
    // The first four bytes fit into an integer of V8's.
    for (; n < 4; n++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw brokenMessage();
      low |= (byte & 0x7f) << (7 * n);
      if (byte < 0x80) return low;
    }
    let value = low;
    for (; n < 10; n++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw brokenMessage();
      value += (byte & 0x7f) * 2 ** (7 * n);
      if (byte < 0x80) return value;
    }
    throw brokenMessage();
  }

  /** A signed number of 64 bits in two's complement. @throws DomainError validation */
  signed(): number {
    const start = this.at;
    const value = this.unsigned();
    // Only a negative one takes ten bytes.
    if (this.at - start < 10) return value;
    let bits = 0n;
    for (let n = 0; n < 10; n++) bits |= BigInt((this.bytes[start + n] as number) & 0x7f) << BigInt(7 * n);
    return Number(BigInt.asIntN(64, bits));
  }

  /** The end of the message or text that begins here, within `limit`. @throws DomainError validation */
  end(limit: number): number {
    const end = this.unsigned() + this.at;
    if (end > limit) throw brokenMessage();
    return end;
  }

  /** Passes over the value of a field. @throws DomainError validation */
  skip(tag: number, limit: number): void {
    const type = tag & 7;
    if (type === 0) this.unsigned();
    else if (type === 1) this.at += 8;
    else if (type === 2) this.at = this.end(limit);
    else if (type === 5) this.at += 4;
    else throw brokenMessage();
    if (this.at > limit) throw brokenMessage();
  }

  /** The text from here to `end`; notes what is no UTF-8. */
  text(end: number): string {
    const text = this.bytes.subarray(this.at, end);
    if (!isUtf8(text)) this.isText = false;
    this.at = end;
    return text.toString();
  }
}

/** The tag of a field: its number and the type of its value (0 number, 1 eight bytes, 2 length and bytes). */
export const tagOf = (field: number, type: 0 | 1 | 2): number => field * 8 + type;
