/** A series' value at a step, on its way through topk or bottomk. */
export type Ranked = { value: number; index: number };

/** Whether one comes before another: NaN comes first of all. */
export type Before = (a: number, b: number) => boolean;

/** topk keeps the smallest first, to lose it to a larger. */
export const smallestFirst: Before = (a, b) => Number.isNaN(a) || a < b;
/** bottomk keeps the largest first, to lose it to a smaller. */
export const largestFirst: Before = (a, b) => Number.isNaN(a) || a > b;

/** Go's container/heap, step by step, so that of equal values the same are kept as in Prometheus. */
export class Heap {
  readonly items: Ranked[] = [];
  readonly #before: Before;

  constructor(before: Before) {
    this.#before = before;
  }

  #less(i: number, j: number): boolean {
    return this.#before((this.items[i] as Ranked).value, (this.items[j] as Ranked).value);
  }

  #swap(i: number, j: number): void {
    [this.items[i], this.items[j]] = [this.items[j] as Ranked, this.items[i] as Ranked];
  }

  push(item: Ranked): void {
    this.items.push(item);
    for (let j = this.items.length - 1; j > 0; ) {
      const parent = (j - 1) >> 1;
      if (!this.#less(j, parent)) return;
      this.#swap(parent, j);
      j = parent;
    }
  }

  /** Removes the first. */
  pop(): void {
    const end = this.items.length - 1;
    this.#swap(0, end);
    for (let i = 0; ; ) {
      const left = 2 * i + 1;
      if (left >= end) break;
      const child = left + 1 < end && this.#less(left + 1, left) ? left + 1 : left;
      if (!this.#less(child, i)) break;
      this.#swap(i, child);
      i = child;
    }
    this.items.pop();
  }

  /** The last first, as topk and bottomk list them. */
  sorted(): Ranked[] {
    // Of equal values the earlier stays before the later.
    const items = this.items.slice();
    return items.sort((a, b) => {
      if (this.#before(b.value, a.value)) return this.#before(a.value, b.value) ? 0 : -1;
      return this.#before(a.value, b.value) ? 1 : 0;
    });
  }
}
