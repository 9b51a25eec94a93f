import { POINT_BYTES, PointWriter, TextBytes } from "#lib/format/point-text.ts";
import type { InstantResult } from "#lib/promql/engine.ts";
import { formatNumber } from "#lib/promql/functions/numbers.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";

const point = (atMs: number, value: number): string => `[${atMs / 1000},"${formatNumber(value)}"]`;

/** Items in JSON, with commas between. */
function* separated<T>(items: readonly T[], toJson: (item: T) => string): Generator<string> {
  for (const [n, item] of items.entries()) yield (n === 0 ? "" : ",") + toJson(item);
}

/** A part of an answer in JSON. */
export type AnswerPart = string | Uint8Array<ArrayBuffer>;

/** The parts of the answer that has a matrix, a series each: as a whole it may be longer than a text can be. */
export function* matrixParts(series: SeriesSamples[]): Generator<AnswerPart> {
  yield '{"status":"success","data":{"resultType":"matrix","result":[';
  const writer = new PointWriter(
    (at) => `[${at / 1000},"`,
    (value) => `${formatNumber(value)}"]`,
  );
  for (const [n, { labels, times, values }] of series.entries()) {
    const head = `${n === 0 ? "" : ","}{"metric":${JSON.stringify(labels.toRecord())},"values":`;
    const bytes = new TextBytes(3 * head.length + times.length * POINT_BYTES);
    bytes.write(head, "utf8");
    writer.write(bytes, times, values);
    bytes.write("}", "latin1");
    yield bytes.written;
  }
  yield "]}}";
}

/** The parts of the answer to an instant query, in Prometheus' JSON. */
export function* instantParts(result: InstantResult): Generator<AnswerPart> {
  if (result.type === "matrix") return yield* matrixParts(result.series);
  yield `{"status":"success","data":{"resultType":"${result.type}","result":`;
  if (result.type === "scalar") yield point(result.atMs, result.value);
  else if (result.type === "string") yield `[${result.atMs / 1000},${JSON.stringify(result.text)}]`;
  else {
    yield "[";
    yield* separated(
      result.samples,
      ({ labels, value }) => `{"metric":${JSON.stringify(labels.toRecord())},"value":${point(result.atMs, value)}}`,
    );
    yield "]";
  }
  yield "}}";
}
