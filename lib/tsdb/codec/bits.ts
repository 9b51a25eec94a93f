/** Bits one after another, the lowest bit of a byte first. */
export class BitWriter {
  #bytes = new Uint8Array(256);
  #length = 0;
  #held = 0;
  #count = 0;

  /** The lowest `count` bits of a whole number below 2^53; at most 53. */
  write(value: number, count: number): void {
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
    while (this.#count >= 8) {
      if (this.#length === this.#bytes.length) this.#grow();
      this.#bytes[this.#length++] = this.#held & 255;
      this.#held >>>= 8;
      this.#count -= 8;
    }
  }

  #grow(): void {
    const grown = new Uint8Array(this.#bytes.length * 2);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  /** All of them; the last byte is filled up with zeros. */
  done(): Uint8Array {
    if (this.#count > 0) this.#put(0, 8 - this.#count);
    return this.#bytes.subarray(0, this.#length);
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
