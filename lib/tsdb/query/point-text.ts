import type { PointColumns } from "#lib/tsdb/query/fold.ts";

/** Writes points as JSON, column by column: an object each would cost more than all else of a long answer. What series share is written once. */
export class PointText {
  #times: readonly number[] = [];
  #texts: string[] = [];

  /** `[[1700000000000,1.5],[1700000060000,null]]`; what is not finite is null, as in JSON. */
  write({ times, values }: PointColumns): string {
    const [before, heads] = [this.#times, this.#texts];
    const texts = new Array<string>(times.length);
    let text = "[";
    for (let i = 0; i < times.length; i++) {
      const at = times[i] as number;
      const value = values[i] as number;
      const head = before[i] === at ? (heads[i] as string) : `[${at},`;
      texts[i] = head;
      text += `${i === 0 ? "" : ","}${head}${Number.isFinite(value) ? value : "null"}]`;
    }
    [this.#times, this.#texts] = [times, texts];
    return `${text}]`;
  }
}
