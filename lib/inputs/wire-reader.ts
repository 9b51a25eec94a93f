import { isUtf8 } from "node:buffer";
import { type DomainError, invalidField } from "#lib/errors.ts";

/**
 * Reads protobuf's wire format. By hand and not by a library, which makes an object of each label of each sample, and of whatever comes: a body of 16 MiB
 * may hold eight million values of two bytes.
 */
export class WireReader {
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly #kind: string;
  at = 0;
  /** Whether all texts until here were UTF-8. */
  isText = true;

  /** `kind` says of what a message is, for whoever sent none. */
  constructor(bytes: Buffer, kind: string) {
    this.bytes = bytes;
    this.#kind = kind;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** What is said of bytes that are no message. */
  broken(): DomainError {
    return invalidField("body", `The body is no ${this.#kind} in protobuf, or was cut off: send it again`);
  }

  /** An unsigned number; beyond 2^53 it is not exact. @throws DomainError validation */
  unsigned(): number {
    const first = this.bytes[this.at++];
    if (first === undefined) throw this.broken();
    return first < 0x80 ? first : this.#long(first);
  }

  #long(first: number): number {
    let [low, n] = [first & 0x7f, 1];
    // The first four bytes fit into an integer of V8's.
    for (; n < 4; n++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw this.broken();
      low |= (byte & 0x7f) << (7 * n);
      if (byte < 0x80) return low;
    }
    let value = low;
    for (; n < 10; n++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw this.broken();
      value += (byte & 0x7f) * 2 ** (7 * n);
      if (byte < 0x80) return value;
    }
    throw this.broken();
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

  /** Eight bytes within `limit`: answers where they begin. @throws DomainError validation */
  eight(limit: number): number {
    const start = this.at;
    if (start + 8 > limit) throw this.broken();
    this.at = start + 8;
    return start;
  }

  /** The end of the message or text that begins here, within `limit`. @throws DomainError validation */
  end(limit: number): number {
    const end = this.unsigned() + this.at;
    if (end > limit) throw this.broken();
    return end;
  }

  /** Passes over the value of a field. @throws DomainError validation */
  skip(tag: number, limit: number): void {
    const type = tag & 7;
    if (type === 0) this.unsigned();
    else if (type === 1) this.at += 8;
    else if (type === 2) this.at = this.end(limit);
    else if (type === 5) this.at += 4;
    else throw this.broken();
    if (this.at > limit) throw this.broken();
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
