/** More than this is not held on to. */
const HELD = 32_768;

type Column = Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** Memory that is written over by whoever asks next: to make it anew for each column, and to collect it, takes longer than to code one. */
export class Scratch<T extends Column> {
  readonly #make: (length: number) => T;
  #held: T;
  /** Of columns that follow one another most are as long as the one before. */
  #taken: T;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#held = make(0);
    this.#taken = this.#held;
  }

  /** So many numbers, whatever they are. */
  take(length: number): T {
    if (length === this.#taken.length) return this.#taken;
    if (length > HELD) return this.#make(length);
    if (length > this.#held.length) this.#held = this.#make(Math.min(HELD, 2 * length));
    this.#taken = this.#held.subarray(0, length) as T;
    return this.#taken;
  }
}
