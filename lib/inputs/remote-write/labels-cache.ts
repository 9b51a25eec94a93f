import type { IncomingSeries } from "#lib/metrics/incoming.ts";

/** The labels of a series as they are handed over each time that it comes, or what is wrong with them. */
export type NamedSeries = Pick<IncomingSeries, "metric" | "labels"> & {
  problem: string | undefined;
  /** What is said of its metric, and as of which version of that. */
  said: Pick<IncomingSeries, "kind" | "unit" | "help">;
  version: number;
};

/** So many series are remembered of an input; then all are forgotten. */
export const MAX_SERIES = 100_000;

type Entry = {
  bytes: DataView;
  series: NamedSeries;
  /** Another one with the same hash. */
  next: Entry | undefined;
  /** Which came after it last time. */
  after: Entry | undefined;
};

/** Finds series by the bytes of their labels. One that comes again costs a look at these, and nothing is made of them. */
export class LabelsCache {
  #entries = new Map<number, Entry>();
  #count = 0;
  #last: Entry | undefined;

  /** The series with the labels at [start, end) of a message; `make` reads them where they are new. */
  find(message: DataView, start: number, end: number, make: () => NamedSeries): NamedSeries {
    // Series mostly come in the order in which they came before.
    const next = this.#last?.after;
    const entry = next && isEqual(next.bytes, message, start, end) ? next : this.#find(message, start, end, make);
    if (this.#last) this.#last.after = entry;
    this.#last = entry;
    return entry.series;
  }

  #find(message: DataView, start: number, end: number, make: () => NamedSeries): Entry {
    const hash = hashOf(message, start, end);
    for (let entry = this.#entries.get(hash); entry; entry = entry.next)
      if (isEqual(entry.bytes, message, start, end)) return entry;
    if (this.#count >= MAX_SERIES) this.#clear();
    const from = message.byteOffset + start;
    const bytes = new DataView(message.buffer.slice(from, from + end - start));
    const entry: Entry = { bytes, series: make(), next: this.#entries.get(hash), after: undefined };
    this.#entries.set(hash, entry);
    this.#count += 1;
    return entry;
  }

  #clear(): void {
    this.#entries = new Map();
    this.#last = undefined;
    this.#count = 0;
  }
}

/** By words of four bytes (FNV-1a of these): the labels of a series are some 200 bytes. */
function hashOf(message: DataView, start: number, end: number): number {
  let [hash, at] = [0x811c9dc5 ^ (end - start), start];
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ message.getInt32(at, true), 0x01000193);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ message.getUint8(at), 0x01000193);
  return hash;
}

function isEqual(bytes: DataView, message: DataView, start: number, end: number): boolean {
  const length = bytes.byteLength;
  if (length !== end - start) return false;
  let n = 0;
  for (; n + 4 <= length; n += 4) if (bytes.getInt32(n) !== message.getInt32(start + n)) return false;
  for (; n < length; n++) if (bytes.getUint8(n) !== message.getUint8(start + n)) return false;
  return true;
}

/** Labels by name with the metric's among them, as both versions of remote write have them, as a series. */
export function nameSeries(labels: [name: string, value: string][], isText: boolean): NamedSeries {
  const metric = labels.find(([name]) => name === "__name__")?.[1] ?? "";
  // A label without a value is as good as none.
  const others = labels.filter(([name, value]) => name !== "__name__" && value !== "");
  const isTwice = new Set(labels.map(([name]) => name)).size < labels.length;
  const problem = isTwice ? "it has a label twice" : isText ? undefined : "a name or a label is no UTF-8";
  return { metric, labels: Object.fromEntries(others), problem, said: {}, version: -1 };
}
