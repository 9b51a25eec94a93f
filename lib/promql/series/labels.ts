/** The label that holds a metric's name. */
export const METRIC_NAME = "__name__";
/** The label of a histogram's bucket: its upper bound. */
export const BUCKET_LABEL = "le";

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Whether a text can be the name of a label. */
export const isLabelName = (name: string): boolean => LABEL_NAME.test(name);

/** Stands between the parts of a key. Half of a surrogate pair is in no label, since labels are stored as UTF-8. */
const SEPARATOR = "\uDC00";

type Pair = readonly [name: string, value: string];

/** The labels of a series, by name. An empty value is no label. */
export class LabelSet {
  static readonly EMPTY = new LabelSet([]);
  readonly pairs: readonly Pair[];
  #key: string | undefined;

  private constructor(sorted: readonly Pair[]) {
    this.pairs = sorted;
  }

  static of(labels: Readonly<Record<string, string>>): LabelSet {
    return LabelSet.#from(Object.entries(labels));
  }

  static #from(pairs: Pair[]): LabelSet {
    const present = pairs.filter(([, value]) => value !== "");
    present.sort(([a], [b]) => (a < b ? -1 : 1));
    return present.length === 0 ? LabelSet.EMPTY : new LabelSet(present);
  }

  /** Equal for equal sets, and only for these. */
  get key(): string {
    this.#key ??= this.pairs.map(([name, value]) => `${name}${SEPARATOR}${value}`).join(SEPARATOR);
    return this.#key;
  }

  /** A label's value; empty for one that there is not. */
  get(name: string): string {
    for (const [own, value] of this.pairs) if (own === name) return value;
    return "";
  }

  /** With a label set; an empty value removes it. */
  with(name: string, value: string): LabelSet {
    if (this.get(name) === value) return this;
    return LabelSet.#from([...this.pairs.filter(([own]) => own !== name), [name, value]]);
  }

  without(names: readonly string[]): LabelSet {
    const kept = this.pairs.filter(([name]) => !names.includes(name));
    return kept.length === this.pairs.length ? this : kept.length === 0 ? LabelSet.EMPTY : new LabelSet(kept);
  }

  only(names: readonly string[]): LabelSet {
    const kept = this.pairs.filter(([name]) => names.includes(name));
    return kept.length === this.pairs.length ? this : kept.length === 0 ? LabelSet.EMPTY : new LabelSet(kept);
  }

  withoutName(): LabelSet {
    return this.without([METRIC_NAME]);
  }

  toRecord(): Record<string, string> {
    return Object.fromEntries(this.pairs);
  }

  /** As Prometheus writes it: {host="db-01"}. */
  toString(): string {
    return `{${this.pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(", ")}}`;
  }
}

/** The order in which Prometheus lists series: by names and values, pair by pair. */
export function compareLabels({ pairs: a }: LabelSet, { pairs: b }: LabelSet): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++)
    for (const part of [0, 1] as const) {
      const [left, right] = [(a[i] as Pair)[part], (b[i] as Pair)[part]];
      if (left !== right) return left < right ? -1 : 1;
    }
  return a.length - b.length;
}
