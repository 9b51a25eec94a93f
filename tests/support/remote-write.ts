import { bytesField, doubleField, numberField, varint } from "./protobuf.ts";
import { snappyLiterals } from "./snappy.ts";

/** A series as remote write sends it. */
export type WrittenSeries = {
  labels: Record<string, string>;
  times: ArrayLike<number>;
  values: Float64Array;
  /** What 2.0 says of it in line: the number of its type. */
  metadata?: { type: number; help: string; unit: string };
  /** The bytes of native histograms. */
  histograms?: Buffer[];
  exemplars?: number;
};

/** A family of metrics, as 1.0 tells of it apart from samples. */
export type WrittenMetadata = { family: string; type: number; help: string; unit: string };

/** The samples of a series: the same in both versions. The bytes of the column, since the bits of a stale marker may not survive as a number. */
function samplesOf({ times, values }: WrittenSeries): Buffer[] {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Array.from(times, (time, n) =>
    bytesField(2, Buffer.concat([doubleField(1, bytes.subarray(8 * n, 8 * n + 8)), numberField(2, time)])),
  );
}

const empties = (field: number, count = 0): Buffer[] =>
  Array.from({ length: count }, () => bytesField(field, Buffer.from([])));

const sortedNames = ({ labels }: WrittenSeries): string[] => Object.keys(labels).sort();

/** A message of remote write 1.0. */
export function encodeVersion1(series: WrittenSeries[], metadata: WrittenMetadata[] = []): Buffer {
  const encoded = series.map((written) => {
    const labels = sortedNames(written).map((name) =>
      bytesField(1, Buffer.concat([bytesField(1, name), bytesField(2, written.labels[name] as string)])),
    );
    const extras = [
      ...empties(3, written.exemplars),
      ...(written.histograms ?? []).map((bytes) => bytesField(4, bytes)),
    ];
    return bytesField(1, Buffer.concat([...labels, ...samplesOf(written), ...extras]));
  });
  const families = metadata.map(({ family, type, help, unit }) =>
    bytesField(
      3,
      Buffer.concat([numberField(1, type), bytesField(2, family), bytesField(4, help), bytesField(5, unit)]),
    ),
  );
  return Buffer.concat([...encoded, ...families]);
}

/** A message of remote write 2.0. */
export function encodeVersion2(series: WrittenSeries[]): Buffer {
  const symbols = new Map([["", 0]]);
  const ref = (text: string): number => {
    const number = symbols.get(text) ?? symbols.size;
    symbols.set(text, number);
    return number;
  };
  const encoded = series.map((written) => {
    const refs = sortedNames(written).flatMap((name) => [ref(name), ref(written.labels[name] as string)]);
    const { type, help, unit } = written.metadata ?? { type: 0, help: "", unit: "" };
    const metadata = written.metadata
      ? [bytesField(5, Buffer.concat([numberField(1, type), numberField(3, ref(help)), numberField(4, ref(unit))]))]
      : [];
    const extras = [
      ...empties(4, written.exemplars),
      ...(written.histograms ?? []).map((bytes) => bytesField(3, bytes)),
    ];
    return bytesField(
      5,
      Buffer.concat([bytesField(1, Buffer.from(refs.flatMap(varint))), ...samplesOf(written), ...extras, ...metadata]),
    );
  });
  return Buffer.concat([...[...symbols.keys()].map((text) => bytesField(4, text)), ...encoded]);
}

const HEADERS = { "content-encoding": "snappy", "x-prometheus-remote-write-version": "0.1.0" };
/** The headers of a request of each version. */
export const VERSION_1 = { ...HEADERS, "content-type": "application/x-protobuf" };
export const VERSION_2 = {
  ...HEADERS,
  ...{ "content-type": "application/x-protobuf;proto=io.prometheus.write.v2.Request" },
  "x-prometheus-remote-write-version": "2.0.0",
};

/** Sends samples to a Prometheus by remote write 1.0. Series must come with the earliest sample of all in the first. */
export async function remoteWrite(url: string, series: WrittenSeries[]): Promise<void> {
  const answer = await fetch(`${url}/api/v1/write`, {
    method: "POST",
    headers: VERSION_1,
    body: new Uint8Array(snappyLiterals(encodeVersion1(series))),
  });
  if (!answer.ok) throw new Error(`remote write: ${answer.status} ${await answer.text()}`);
}
