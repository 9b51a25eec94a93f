/** So many characters are put together before they become bytes: text that lives long is what collecting costs most of. */
const BLOCK = 8_192;

/** Bytes that grow as text is written. */
export class TextBytes {
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;

  /** `capacity` is how many bytes it will be, in about. */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  write(text: string, encoding: "latin1" | "utf8"): void {
    const most = encoding === "latin1" ? text.length : 3 * text.length;
    if (this.#length + most > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + most));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    this.#length += this.#bytes.write(text, this.#length, encoding);
  }

  get written(): Buffer<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** What a point takes in about, bytes. */
export const POINT_BYTES = 34;

/** Writes points as JSON, column by column: an object each would cost more than all else of a long answer. What series share is written once. */
export class PointWriter {
  readonly #head: (at: number) => string;
  readonly #rest: (value: number) => string;
  #times: ArrayLike<number> = [];
  #heads: string[] = [];

  /** How a point is written up to its value, and from it on. */
  constructor(head: (at: number) => string, rest: (value: number) => string) {
    [this.#head, this.#rest] = [head, rest];
  }

  /** Writes the points of a series as a list. */
  write(into: TextBytes, times: ArrayLike<number>, values: ArrayLike<number>): void {
    const [before, heads] = [this.#times, this.#heads];
    const own = new Array<string>(times.length);
    let text = "[";
    for (let i = 0; i < times.length; i++) {
      const at = times[i] as number;
      const head = before[i] === at ? (heads[i] as string) : `${i === 0 ? "" : ","}${this.#head(at)}`;
      own[i] = head;
      text += head + this.#rest(values[i] as number);
      if (text.length < BLOCK) continue;
      into.write(text, "latin1");
      text = "";
    }
    into.write(`${text}]`, "latin1");
    [this.#times, this.#heads] = [times, own];
  }
}
