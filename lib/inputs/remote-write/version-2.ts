import { isUtf8 } from "node:buffer";
import { DomainError, invalidField } from "#lib/errors.ts";
import type { Drops } from "#lib/inputs/drops.ts";
import { nameSeries } from "#lib/inputs/remote-write/labels-cache.ts";
import {
  type Extras,
  MESSAGE,
  type Message,
  MessageBuilder,
  readSample,
  type SenderMemory,
} from "#lib/inputs/remote-write/message.ts";
import { describeMetric, type Said, typeOf } from "#lib/inputs/remote-write/metadata.ts";
import { readHistogram } from "#lib/inputs/remote-write/native-histogram.ts";
import { tagOf, WireReader } from "#lib/inputs/wire-reader.ts";
import type { IncomingSample } from "#lib/metrics/incoming.ts";

// io.prometheus.write.v2.Request: symbols = 4, timeseries = 5.
// TimeSeries: labels_refs = 1 (packed), samples = 2 (value = 1, timestamp = 2), histograms = 3, exemplars = 4, metadata = 5.
// Metadata: type = 1, help_ref = 3, unit_ref = 4.

const [FORMER, SYMBOLS, TIMESERIES] = [tagOf(1, 2), tagOf(4, 2), tagOf(5, 2)];
const [LABELS, LABEL] = [tagOf(1, 2), tagOf(1, 0)];
const [SAMPLES, HISTOGRAMS, EXEMPLARS, METADATA] = [tagOf(2, 2), tagOf(3, 2), tagOf(4, 2), tagOf(5, 2)];
const [TYPE, HELP, UNIT] = [tagOf(1, 0), tagOf(3, 0), tagOf(4, 0)];

/** So many different texts may come at once. */
const MAX_SYMBOLS = 500_000;

/** Reads a message of remote write 2.0. @throws DomainError validation, too-large */
export function readVersion2(bytes: Buffer, memory: SenderMemory, drops: Drops): Message {
  const reader = new WireReader(bytes, MESSAGE);
  const symbols = new Symbols(bytes);
  const spans: number[] = [];
  while (reader.at < bytes.length) {
    const tag = reader.unsigned();
    if (tag === FORMER) throw invalidField("content-type", "The body is a message of 1.0: send application/x-protobuf");
    if (tag === SYMBOLS || tag === TIMESERIES) {
      const end = reader.end(bytes.length);
      if (tag === SYMBOLS) symbols.add(reader.at, end);
      else spans.push(reader.at, end);
      reader.at = end;
    } else reader.skip(tag, bytes.length);
  }
  const builder = new MessageBuilder(drops);
  // Symbols may stand behind what refers to them.
  for (let n = 0; n < spans.length; n += 2) {
    reader.at = spans[n] as number;
    readSeries(reader, spans[n + 1] as number, { symbols, memory, builder });
  }
  return builder.message;
}

/** The table of texts of a message. */
class Symbols {
  readonly #bytes: Buffer;
  readonly #spans: number[] = [];
  readonly #texts: (string | undefined)[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  add(start: number, end: number): void {
    if (this.#spans.length >= 2 * MAX_SYMBOLS)
      throw new DomainError("too-large", `More than ${MAX_SYMBOLS} symbols in a request: send fewer at once`);
    this.#spans.push(start, end);
  }

  /** @throws DomainError validation for one that there is not */
  text(ref: number): string {
    const text = this.#texts[ref];
    if (text !== undefined) return text;
    const [start, end] = this.#span(ref);
    const read = this.#bytes.toString("utf8", start, end);
    this.#texts[ref] = read;
    return read;
  }

  isText(ref: number): boolean {
    return isUtf8(this.#bytes.subarray(...this.#span(ref)));
  }

  #span(ref: number): [start: number, end: number] {
    const [start, end] = [this.#spans[2 * ref], this.#spans[2 * ref + 1]];
    if (start === undefined || end === undefined)
      throw invalidField("body", `A label refers to symbol ${ref}, which is not in the table`);
    return [start, end];
  }
}

type Context = { symbols: Symbols; memory: SenderMemory; builder: MessageBuilder };

function readSeries(reader: WireReader, end: number, { symbols, memory, builder }: Context): void {
  const refs: number[] = [];
  const samples: IncomingSample[] = [];
  const extras: Extras = { histograms: [], exemplars: 0 };
  let metadata: Metadata = { type: 0, help: 0, unit: 0 };
  while (reader.at < end) {
    const tag = reader.unsigned();
    if (tag === LABELS) for (const stop = reader.end(end); reader.at < stop; ) refs.push(reader.unsigned());
    else if (tag === LABEL) refs.push(reader.unsigned());
    else if (tag === SAMPLES) samples.push(readSample(reader, reader.end(end)));
    else if (tag === HISTOGRAMS) extras.histograms.push(readHistogram(reader, reader.end(end)));
    else if (tag === METADATA) metadata = readMetadata(reader, reader.end(end));
    else {
      if (tag === EXEMPLARS) extras.exemplars += 1;
      reader.skip(tag, end);
    }
  }
  if (refs.length % 2 !== 0) throw reader.broken();
  if (samples.length === 0 && extras.histograms.length === 0 && extras.exemplars === 0) return;
  const series = memory.findByText(refs.map((ref) => symbols.text(ref)).join("\0"), () => {
    const isText = refs.every((ref) => symbols.isText(ref));
    return nameSeries(pairsOf(refs, symbols), isText);
  });
  series.said = said(series.metric, metadata, symbols);
  builder.add(series, samples, extras);
}

const pairsOf = (refs: number[], symbols: Symbols): [string, string][] =>
  Array.from({ length: refs.length / 2 }, (_, n) => [
    symbols.text(refs[2 * n] as number),
    symbols.text(refs[2 * n + 1] as number),
  ]);

type Metadata = { type: number; help: number; unit: number };

function readMetadata(reader: WireReader, end: number): Metadata {
  const metadata: Metadata = { type: 0, help: 0, unit: 0 };
  while (reader.at < end) {
    const tag = reader.unsigned();
    if (tag === TYPE) metadata.type = reader.unsigned();
    else if (tag === HELP) metadata.help = reader.unsigned();
    else if (tag === UNIT) metadata.unit = reader.unsigned();
    else reader.skip(tag, end);
  }
  return metadata;
}

const SUFFIX = /_(bucket|count|sum|created|gcount|gsum)$/;

/** What metadata in line says of a series, which is the family's: nothing where there is none. */
function said(metric: string, { type, help, unit }: Metadata, symbols: Symbols): Said {
  if (type === 0 && help === 0 && unit === 0) return {};
  const family = { type: typeOf(type), help: symbols.text(help), unit: symbols.text(unit) };
  const suffix = SUFFIX.exec(metric)?.[0] ?? "";
  const described = describeMetric(family, suffix);
  return described.kind === undefined ? describeMetric(family, "") : described;
}
