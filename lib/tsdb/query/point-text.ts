import { POINT_BYTES, PointWriter, TextBytes } from "#lib/format/point-text.ts";
import type { PointColumns } from "#lib/tsdb/query/fold.ts";

/** No label reads like it: in a text its quotes are escaped. */
const PLACE = '"points":[]';

/** JSON of an answer whose series have no points yet, with the points of each in its place: `[1700000000000,1.5]`, what is not finite as null. */
export function putPoints(json: string, points: readonly PointColumns[]): Uint8Array<ArrayBuffer> {
  const count = points.reduce((sum, { times }) => sum + times.length, 0);
  const bytes = new TextBytes(3 * json.length + count * POINT_BYTES);
  const writer = new PointWriter(
    (at) => `[${at},`,
    (value) => (Number.isFinite(value) ? `${value}]` : "null]"),
  );
  for (const [n, part] of json.split(PLACE).entries()) {
    const own = points[n - 1];
    if (own) {
      bytes.write('"points":', "latin1");
      writer.write(bytes, own.times, own.values);
    }
    bytes.write(part, "utf8");
  }
  return bytes.written;
}
