/** The newest items, in the order in which they came; the oldest goes when there are too many. */
export class Ring<T> {
  readonly #max: number;
  #items: T[] = [];
  #lost = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#items.length;
  }

  /** How many went since there were too many. */
  get lost(): number {
    return this.#lost;
  }

  push(...items: T[]): void {
    this.#items.push(...items);
    const tooMany = this.#items.length - this.#max;
    if (tooMany <= 0) return;
    this.#items.splice(0, tooMany);
    this.#lost += tooMany;
  }

  /** At most so many, oldest first. */
  oldest(count: number): T[] {
    return this.#items.slice(0, count);
  }

  takeAll(): T[] {
    return this.#items.splice(0);
  }

  removeAll(items: T[]): void {
    const gone = new Set(items);
    this.#items = this.#items.filter((item) => !gone.has(item));
  }
}
