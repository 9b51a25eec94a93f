/** Bits one after another, the lowest bit of a byte first. One that has ended may begin again, in the same memory. */
export class BitWriter {
  #bytes = new Uint8Array(256);
  #length = 0;
  #held = 0;
  #count = 0;

  begin(): void {
    this.#length = 0;
    this.#held = 0;
    this.#count = 0;
  }

  /** The lowest `count` bits of a whole number below 2^53; at most 53. */
  write(value: number, count: number): void {
    if (count <= 16) {
      this.#put(value, count);
      return;
    }
    let [rest, left] = [value, count];
    while (left > 16) {
      this.#put(rest % 65_536, 16);
      rest = Math.floor(rest / 65_536);
      left -= 16;
    }
    this.#put(rest, left);
  }

  #put(value: number, count: number): void {
    this.#held |= value << this.#count;
    this.#count += count;
    if (this.#count < 16) return;
    if (this.#length + 2 > this.#bytes.length) this.#grow();
    this.#bytes[this.#length] = this.#held & 255;
    this.#bytes[this.#length + 1] = (this.#held >>> 8) & 255;
    this.#length += 2;
    this.#held >>>= 16;
    this.#count -= 16;
  }

  #grow(): void {
    const grown = new Uint8Array(this.#bytes.length * 2);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  /** All of them; the last byte is filled up with zeros. They are there until it begins again. */
  done(): Uint8Array {
    const left = Math.ceil(this.#count / 8);
    this.#put(0, 16 - this.#count);
    return this.#bytes.subarray(0, this.#length - 2 + left);
  }
}

/** Reads what BitWriter wrote. Past the end there are zeros: whoever reads knows how many bits there are. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** A whole number of so many bits, at most 53. */
  read(count: number): number {
    if (count <= 16) return this.#take(count);
    let [value, scale, left] = [0, 1, count];
    while (left > 16) {
      value += this.#take(16) * scale;
      scale *= 65_536;
      left -= 16;
    }
    return value + this.#take(left) * scale;
  }

  #take(count: number): number {
    while (this.#count < count) {
      this.#held |= (this.#bytes[this.#at] ?? 0) << this.#count;
      this.#at += 1;
      this.#count += 8;
    }
    const value = this.#held & ((1 << count) - 1);
    this.#held >>>= count;
    this.#count -= count;
    return value;
  }

  /** How many bytes were begun. */
  get bytesRead(): number {
    return this.#at;
  }
}
