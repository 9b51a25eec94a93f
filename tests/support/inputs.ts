import type { InputKind } from "#lib/contract/input-names.ts";
import type { Database } from "#lib/db/client.ts";
import type { InputCaller } from "#lib/inputs/credentials.ts";
import { findInput } from "#lib/inputs/credentials.ts";
import { createInput, type NewInput } from "#lib/inputs/inputs.ts";
import { seriesName } from "#lib/metrics/frame.ts";
import type { IncomingSeries } from "#lib/metrics/incoming.ts";
import { listSeriesOfHosts } from "#lib/tsdb/catalog.ts";
import { readSamplesOfHosts } from "#lib/tsdb/query.ts";

/** An input, as a request that came with its token stands for it. */
export async function addInput(
  db: Database,
  name: string,
  more: Partial<NewInput> = {},
  kind: InputKind = "remote_write",
): Promise<InputCaller & { token: string }> {
  const { token } = await createInput(db, { name, kind, ...more }, null);
  const input = await findInput(db, token);
  if (!input) throw new Error("The input has no token");
  return { ...input, token };
}

/** All samples of a host by the name of their series: [ms, the bits of the value], oldest first. */
export async function allSamples(db: Database, hostId: number): Promise<Record<string, [number, bigint][]>> {
  const series = await listSeriesOfHosts(db, [hostId], "%");
  const samples = await readSamplesOfHosts(db, series, { from: 0, to: 8_640_000_000_000_000 - 1 });
  const named = series.map(({ metric, labels }, n): [string, [number, bigint][]] => {
    const { times, values } = samples[n] ?? { times: new Float64Array(), values: new Float64Array() };
    const bits = new BigUint64Array(values.slice().buffer);
    return [seriesName(metric, labels), Array.from(times, (time, i) => [time, bits[i] as bigint])];
  });
  return Object.fromEntries(named.filter(([, own]) => own.length > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What one of three shards sends of an instant of a stream. */
export const inputPart = (start: number, n: number, shard: number): IncomingSeries[] =>
  Array.from({ length: 60 }, (_, i) => ({
    metric: "m",
    labels: { job: "kill", instance: `h${i % 2}`, n: String(3 * i + shard) },
    samples: [{ at: start + n * 1_000, value: n * 1_000 + 3 * i + shard }],
  }));

/** Makes inputs of OpenTelemetry, each with a name of its own. */
export function otlpInputs(database: () => Database, prefix: string): () => ReturnType<typeof addInput> {
  let count = 0;
  return () => {
    count += 1;
    return addInput(database(), `${prefix} ${count}`, {}, "otlp");
  };
}
