import { DomainError } from "#lib/errors.ts";
import { printable } from "#lib/inputs/check-series.ts";
import type { Drops } from "#lib/inputs/drops.ts";
import { LabelsCache, MAX_SERIES, type NamedSeries } from "#lib/inputs/remote-write/labels-cache.ts";
import { MetadataCache } from "#lib/inputs/remote-write/metadata.ts";
import { classicSeries, type NativeHistogram } from "#lib/inputs/remote-write/native-histogram.ts";
import { tagOf, type WireReader } from "#lib/inputs/wire-reader.ts";
import type { IncomingSample, IncomingSeries } from "#lib/metrics/incoming.ts";
import { STALE_HIGH, STALE_LOW } from "#lib/metrics/stale-marker.ts";

/** What is remembered of an input between requests. */
export class SenderMemory {
  readonly labels = new LabelsCache();
  readonly metadata = new MetadataCache();
  readonly #byText = new Map<string, NamedSeries>();

  /** The series with labels whose texts, one behind the other, are these; `make` makes it where it is new. */
  findByText(text: string, make: () => NamedSeries): NamedSeries {
    const series = this.#byText.get(text) ?? make();
    if (this.#byText.size >= MAX_SERIES) this.#byText.clear();
    this.#byText.set(text, series);
    return series;
  }
}

/** What a message is called where it is none. */
export const MESSAGE = "message of remote write";

/** The messages of both versions, as the content type names them. */
export const [MESSAGE_1, MESSAGE_2] = ["prometheus.WriteRequest", "io.prometheus.write.v2.Request"] as const;

/** The content type of a message. */
export const contentTypeOf = (message: string): string => `application/x-protobuf;proto=${message}`;

/** What a message held. */
export type Message = {
  series: IncomingSeries[];
  samples: number;
  /** Native histograms, and of how many samples their buckets, counts and sums are. */
  histograms: number;
  histogramSamples: number;
  /** Families that a message of 1.0 tells of. */
  families: number;
};

/** So many samples may come at once: a message of a few bytes each would else take gigabytes. */
const MAX_SAMPLES = 500_000;

const VALUE = tagOf(1, 1);
const TIMESTAMP = tagOf(2, 0);

/** A sample up to `end`: the same in both versions. @throws DomainError validation */
export function readSample(reader: WireReader, end: number): IncomingSample {
  let [at, value, stale] = [0, 0, false];
  while (reader.at < end) {
    const tag = reader.unsigned();
    if (tag === VALUE && reader.at + 8 <= end) {
      value = reader.view.getFloat64(reader.at, true);
      stale =
        Number.isNaN(value) &&
        reader.view.getUint32(reader.at, true) === STALE_LOW &&
        reader.view.getUint32(reader.at + 4, true) === STALE_HIGH;
      reader.at += 8;
    } else if (tag === TIMESTAMP) at = reader.signed();
    else reader.skip(tag, end);
  }
  return stale ? { at, value, stale } : { at, value };
}

/** Collects the series of a message. */
export class MessageBuilder {
  readonly message: Message = { series: [], samples: 0, histograms: 0, histogramSamples: 0, families: 0 };
  readonly #drops: Drops;

  constructor(drops: Drops) {
    this.#drops = drops;
  }

  /** Takes a series with what came of it. @throws DomainError too-large */
  add(series: NamedSeries, samples: IncomingSample[], { histograms, exemplars }: Extras): void {
    const name = () => printable(series);
    if (exemplars > 0) this.#drops.add("exemplar", exemplars, () => `${name()}: exemplars are not kept`);
    const count = samples.length + histograms.length;
    if (count === 0) return;
    const { problem, metric, labels, said } = series;
    if (problem) {
      this.#drops.add("invalid_name", count, () => `${name()}: ${problem}`);
      return;
    }
    this.#count(samples.length);
    if (samples.length > 0) this.message.series.push({ metric, labels, samples, ...said });
    for (const histogram of histograms) this.#addHistogram(series, histogram);
  }

  #addHistogram(series: NamedSeries, histogram: NativeHistogram): void {
    const found = classicSeries(series, histogram);
    if (typeof found === "string") {
      this.#drops.add("native_histogram", 1, () => `${printable(series)}: ${found}`);
      return;
    }
    this.#count(found.length);
    this.message.histograms += 1;
    this.message.histogramSamples += found.length;
    this.message.series.push(...found);
  }

  #count(samples: number): void {
    this.message.samples += samples;
    if (this.message.samples > MAX_SAMPLES)
      throw new DomainError("too-large", `More than ${MAX_SAMPLES} samples in a request: send fewer at once`);
  }
}

/** What came of a series besides samples. */
export type Extras = { histograms: NativeHistogram[]; exemplars: number };
