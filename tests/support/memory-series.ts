import { LabelSet } from "#lib/promql/series/labels.ts";
import { type Matcher, matchesAll } from "#lib/promql/series/matcher.ts";
import type { SeriesReader, SeriesSamples } from "#lib/promql/series/reader.ts";

/** Series in memory, in the order of their labels, that the engine can read. */
export class MemorySeries implements SeriesReader {
  readonly #series = new Map<string, SeriesSamples>();
  reads = 0;

  /** Adds samples behind those that a series has. */
  add(labels: Record<string, string>, times: number[], values: ArrayLike<number>): void {
    const set = LabelSet.of(labels);
    const before = this.#series.get(set.key);
    const column = values instanceof Float64Array ? values : Float64Array.from(values);
    this.#series.set(set.key, {
      labels: set,
      times: Float64Array.from([...(before?.times ?? []), ...times]),
      values: joined(before?.values ?? new Float64Array(), column),
    });
  }

  clear(): void {
    this.#series.clear();
  }

  async select(matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<SeriesSamples[]> {
    this.reads += 1;
    const found = [...this.#series.values()].filter(({ labels }) => matchesAll(matchers, labels));
    found.sort((a, b) => (String(a.labels) < String(b.labels) ? -1 : 1));
    return found
      .map(({ labels, times, values }) => {
        const inside = (time: number) => time >= fromMs && time <= toMs;
        const first = times.findIndex(inside);
        const end = times.findLastIndex(inside) + 1;
        return { labels, times: times.slice(Math.max(first, 0), end), values: values.slice(Math.max(first, 0), end) };
      })
      .filter(({ times }) => times.length > 0);
  }
}

/** Two columns as one, word by word: the bits of a stale marker may not survive as a number. */
function joined(first: Float64Array, second: Float64Array): Float64Array {
  const all = new Float64Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
