import { invalidField } from "#lib/errors.ts";
import type { Drops } from "#lib/inputs/drops.ts";
import { type NamedSeries, nameSeries } from "#lib/inputs/remote-write/labels-cache.ts";
import {
  contentTypeOf,
  type Extras,
  MESSAGE,
  MESSAGE_2,
  type Message,
  MessageBuilder,
  readSample,
  type SenderMemory,
} from "#lib/inputs/remote-write/message.ts";
import { typeOf } from "#lib/inputs/remote-write/metadata.ts";
import { readHistogram } from "#lib/inputs/remote-write/native-histogram.ts";
import { tagOf, WireReader } from "#lib/inputs/wire-reader.ts";
import type { IncomingSample } from "#lib/metrics/incoming.ts";

// prometheus.WriteRequest: timeseries = 1, metadata = 3; 4 and 5 are those of 2.0.
// TimeSeries: labels = 1 (name = 1, value = 2), samples = 2 (value = 1, timestamp = 2), exemplars = 3, histograms = 4.
// MetricMetadata: type = 1, metric_family_name = 2, help = 4, unit = 5.

const TIMESERIES = tagOf(1, 2);
const METADATA = tagOf(3, 2);
/** What only a message of 2.0 has. */
const [SYMBOLS, LATER] = [tagOf(4, 2), tagOf(5, 2)];
const [LABELS, SAMPLES, EXEMPLARS, HISTOGRAMS] = [tagOf(1, 2), tagOf(2, 2), tagOf(3, 2), tagOf(4, 2)];
const [NAME, VALUE] = [tagOf(1, 2), tagOf(2, 2)];
const [TYPE, FAMILY, HELP, UNIT] = [tagOf(1, 0), tagOf(2, 2), tagOf(4, 2), tagOf(5, 2)];

/** Reads a message of remote write 1.0. @throws DomainError validation, too-large */
export function readVersion1(bytes: Buffer, memory: SenderMemory, drops: Drops): Message {
  const reader = new WireReader(bytes, MESSAGE);
  const builder = new MessageBuilder(drops);
  while (reader.at < bytes.length) {
    const tag = reader.unsigned();
    if (tag === TIMESERIES) readSeries(reader, reader.end(bytes.length), memory, builder);
    else if (tag === METADATA) {
      readMetadata(reader, reader.end(bytes.length), memory);
      builder.message.families += 1;
    } else if (tag === SYMBOLS || tag === LATER)
      throw invalidField("content-type", `The body is a message of 2.0: send ${contentTypeOf(MESSAGE_2)}`);
    else reader.skip(tag, bytes.length);
  }
  return builder.message;
}

function readSeries(reader: WireReader, end: number, memory: SenderMemory, builder: MessageBuilder): void {
  let [first, last] = [-1, -1];
  let apart: [string, string][] | undefined;
  const samples: IncomingSample[] = [];
  const extras: Extras = { histograms: [], exemplars: 0 };
  while (reader.at < end) {
    const start = reader.at;
    const tag = reader.unsigned();
    if (tag === LABELS) {
      const stop = reader.end(end);
      if (first === -1) first = start;
      // Nobody sends labels among samples, but it may be done.
      else if (last !== start) apart = [...(apart ?? []), ...readLabels(reader, start, stop)];
      if (!apart) last = stop;
      reader.at = stop;
    } else if (tag === SAMPLES) samples.push(readSample(reader, reader.end(end)));
    else if (tag === HISTOGRAMS) extras.histograms.push(readHistogram(reader, reader.end(end)));
    else {
      if (tag === EXEMPLARS) extras.exemplars += 1;
      reader.skip(tag, end);
    }
  }
  const isKept = samples.length > 0 || extras.histograms.length > 0 || extras.exemplars > 0;
  if (isKept) builder.add(seriesOf(reader, { first, last, apart }, memory), samples, extras);
}

type LabelBytes = { first: number; last: number; apart: [string, string][] | undefined };

function seriesOf(reader: WireReader, { first, last, apart }: LabelBytes, memory: SenderMemory): NamedSeries {
  const make = () => {
    const labels = new WireReader(reader.bytes, MESSAGE);
    return nameSeries([...readLabels(labels, first, last), ...(apart ?? [])], labels.isText && reader.isText);
  };
  const series = first === -1 || apart ? make() : memory.labels.find(reader.view, first, last, make);
  if (series.version !== memory.metadata.version) {
    series.version = memory.metadata.version;
    series.said = memory.metadata.describe(series.metric);
  }
  return series;
}

/** The labels at [start, end) of a series. */
function readLabels(reader: WireReader, start: number, end: number): [string, string][] {
  if (start < 0) return [];
  reader.at = start;
  const labels: [string, string][] = [];
  while (reader.at < end) {
    reader.unsigned();
    labels.push(readLabel(reader, reader.end(end)));
  }
  return labels;
}

function readLabel(reader: WireReader, end: number): [string, string] {
  let [name, value] = ["", ""];
  while (reader.at < end) {
    const tag = reader.unsigned();
    if (tag === NAME) name = reader.text(reader.end(end));
    else if (tag === VALUE) value = reader.text(reader.end(end));
    else reader.skip(tag, end);
  }
  return [name, value];
}

function readMetadata(reader: WireReader, end: number, { metadata }: SenderMemory): void {
  let [type, family, help, unit] = [0, "", "", ""];
  while (reader.at < end) {
    const tag = reader.unsigned();
    if (tag === TYPE) type = reader.unsigned();
    else if (tag === FAMILY) family = reader.text(reader.end(end));
    else if (tag === HELP) help = reader.text(reader.end(end));
    else if (tag === UNIT) unit = reader.text(reader.end(end));
    else reader.skip(tag, end);
  }
  if (family !== "") metadata.note(family, { type: typeOf(type), help, unit });
}
