import type { InstantResult } from "#lib/promql/engine.ts";
import { formatNumber } from "#lib/promql/functions/numbers.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";

const point = (atMs: number, value: number): string => `[${atMs / 1000},"${formatNumber(value)}"]`;

/** The JSON of series; the instants that they share are written once. */
class SeriesWriter {
  readonly #instants = new Map<number, string>();

  #instant(atMs: number): string {
    let text = this.#instants.get(atMs);
    if (text === undefined) {
      text = `[${atMs / 1000},"`;
      this.#instants.set(atMs, text);
    }
    return text;
  }

  write({ labels, times, values }: SeriesSamples): string {
    let points = "";
    for (let i = 0; i < times.length; i++)
      points += `${i === 0 ? "" : ","}${this.#instant(times[i] as number)}${formatNumber(values[i] as number)}"]`;
    return `{"metric":${JSON.stringify(labels.toRecord())},"values":[${points}]}`;
  }
}

/** Items in JSON, with commas between. */
function* separated<T>(items: readonly T[], toJson: (item: T) => string): Generator<string> {
  for (const [n, item] of items.entries()) yield (n === 0 ? "" : ",") + toJson(item);
}

/** The parts of the answer that has a matrix, a series each: as a whole it may be longer than a text can be. */
export function* matrixParts(series: SeriesSamples[]): Generator<string> {
  yield '{"status":"success","data":{"resultType":"matrix","result":[';
  const writer = new SeriesWriter();
  yield* separated(series, (column) => writer.write(column));
  yield "]}}";
}

/** The parts of the answer to an instant query, in Prometheus' JSON. */
export function* instantParts(result: InstantResult): Generator<string> {
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
