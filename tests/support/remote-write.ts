/** A series as remote write sends it. */
export type WrittenSeries = { labels: Record<string, string>; times: ArrayLike<number>; values: Float64Array };

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}

const field = (number: number, wireType: number) => varint(number * 8 + wireType);
const delimited = (number: number, bytes: Buffer) =>
  Buffer.concat([Buffer.from([...field(number, 2), ...varint(bytes.length)]), bytes]);

function message({ labels, times, values }: WrittenSeries): Buffer {
  const names = Object.keys(labels).sort();
  const encodedLabels = names.map((name) =>
    delimited(1, Buffer.concat([delimited(1, Buffer.from(name)), delimited(2, Buffer.from(labels[name] as string))])),
  );
  // The bytes of the column, since the bits of a stale marker may not survive as a number.
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const samples = Array.from(times, (time, n) => {
    const instant = Buffer.from([...field(2, 0), ...varint(time)]);
    return delimited(2, Buffer.concat([Buffer.from(field(1, 1)), bytes.subarray(8 * n, 8 * n + 8), instant]));
  });
  return Buffer.concat([...encodedLabels, ...samples]);
}

/** Snappy's block format without any compression: runs of literal bytes. */
function snappy(bytes: Buffer): Buffer<ArrayBuffer> {
  const parts: Buffer[] = [Buffer.from(varint(bytes.length))];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const run = bytes.subarray(at, at + 65_536);
    parts.push(Buffer.from([61 << 2, (run.length - 1) & 0xff, (run.length - 1) >> 8]), run);
  }
  return Buffer.concat(parts);
}

/** Sends samples to a Prometheus by remote write 1.0. Series must come with the earliest sample of all in the first. */
export async function remoteWrite(url: string, series: WrittenSeries[]): Promise<void> {
  const body = snappy(Buffer.concat(series.map((written) => delimited(1, message(written)))));
  const answer = await fetch(`${url}/api/v1/write`, {
    method: "POST",
    headers: {
      ...{ "content-type": "application/x-protobuf", "content-encoding": "snappy" },
      "x-prometheus-remote-write-version": "0.1.0",
    },
    body: new Uint8Array(body),
  });
  if (!answer.ok) throw new Error(`remote write: ${answer.status} ${await answer.text()}`);
}
