import type { PointColumns } from "#lib/tsdb/query/fold.ts";

/** So many characters are put together before they become bytes: text that lives long is what collecting costs most of. */
const BLOCK = 8_192;

/** Bytes that grow as text is written. */
class TextBytes {
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;

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

/** What a point takes in about. */
const POINT_BYTES = 34;

/** Writes points as JSON, column by column: an object each would cost more than all else of a long answer. What series share is written once. */
class PointWriter {
  readonly #into: TextBytes;
  #times: readonly number[] = [];
  #heads: string[] = [];

  constructor(into: TextBytes) {
    this.#into = into;
  }

  /** `[[1700000000000,1.5],[1700000060000,null]]`; what is not finite is null, as in JSON. */
  write({ times, values }: PointColumns): void {
    const [before, heads] = [this.#times, this.#heads];
    const own = new Array<string>(times.length);
    let text = "[";
    for (let i = 0; i < times.length; i++) {
      const at = times[i] as number;
      const value = values[i] as number;
      const head = before[i] === at ? (heads[i] as string) : `${i === 0 ? "" : ","}[${at},`;
      own[i] = head;
      text += `${head}${Number.isFinite(value) ? value : "null"}]`;
      if (text.length < BLOCK) continue;
      this.#into.write(text, "latin1");
      text = "";
    }
    this.#into.write(`${text}]`, "latin1");
    [this.#times, this.#heads] = [times, own];
  }
}

/** No label reads like it: in a text its quotes are escaped. */
const PLACE = '"points":[]';

/** JSON of an answer whose series have no points yet, with the points of each in its place. */
export function putPoints(json: string, points: readonly PointColumns[]): Uint8Array<ArrayBuffer> {
  const count = points.reduce((sum, { times }) => sum + times.length, 0);
  const bytes = new TextBytes(3 * json.length + count * POINT_BYTES);
  const writer = new PointWriter(bytes);
  for (const [n, part] of json.split(PLACE).entries()) {
    const own = points[n - 1];
    if (own) {
      bytes.write('"points":', "latin1");
      writer.write(own);
    }
    bytes.write(part, "utf8");
  }
  return bytes.written;
}
