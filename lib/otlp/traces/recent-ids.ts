/** Remembers ids for a while: at least the last `size` of them, at most twice as many. */
export class RecentIds {
  readonly #size: number;
  #newer = new Set<string>();
  #older = new Set<string>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Whether an id is new; it is remembered. */
  add(id: string): boolean {
    if (this.#newer.has(id)) return false;
    const isNew = !this.#older.has(id);
    if (this.#newer.size >= this.#size) {
      this.#older = this.#newer;
      this.#newer = new Set();
    }
    this.#newer.add(id);
    return isNew;
  }
}
