/** More than this is not held on to. */
const HELD = 32_768;

type Column = Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** Memory that the next caller writes over: to make it anew for each column, and to collect it, takes longer than to code one. */
export class Scratch<T extends Column> {
  readonly #make: (length: number) => T;
  #held: T;
  /** Of columns that follow one another most are as long as the one before. */
  #current: T;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#held = make(0);
    this.#current = this.#held;
  }

  /** So many numbers, whatever they are. */
  take(length: number): T {
    if (length === this.#current.length) return this.#current;
    if (length > HELD) return this.#make(length);
    if (length > this.#held.length) this.#held = this.#make(Math.min(HELD, 2 * length));
    this.#current = this.#held.subarray(0, length) as T;
    return this.#current;
  }
}
