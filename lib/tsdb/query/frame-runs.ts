import { Turn } from "#lib/time/turn.ts";
import { EMPTY_SAMPLES, mergeSamples, type SampleColumns } from "#lib/tsdb/chunks/chunks.ts";
import { FrameColumns } from "#lib/tsdb/chunks/frame-columns.ts";
import { keyOf } from "#lib/tsdb/query/series-key.ts";

/**
 * The frames of one schema as one run of bytes: of each its instant and the values at some positions, as PostgreSQL sends arrays. In base64, since Prisma
 * takes longer for bytes than the query does.
 */
export type FrameRun = {
  hostId: number;
  intervalMs: number;
  ids: number[];
  positions: number[];
  count: number;
  base64: string;
};

/** The columns of a run of frames, by the positions of the values that are sent; those without a value are left out. */
function decodeRun({ base64, positions, intervalMs, count }: FrameRun): SampleColumns[] {
  const data = Buffer.from(base64, "base64");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const frames = new FrameColumns(count, positions);
  for (let at = 0; at < data.length; ) at = frames.take(view, at);
  const columns = frames.done(intervalMs);
  return positions.map((position) => columns[position] as SampleColumns);
}

/** The samples of runs by the keys of their series, oldest first. NaNs keep their bits. */
export async function decodeRuns(runs: readonly FrameRun[]): Promise<Map<string, SampleColumns>> {
  const tails = new Map<string, SampleColumns>();
  const turn = new Turn();
  for (const run of runs) {
    for (const [n, column] of decodeRun(run).entries()) {
      const key = keyOf(run.hostId, run.ids[n] as number);
      tails.set(key, mergeSamples(tails.get(key) ?? EMPTY_SAMPLES, column));
    }
    if (turn.isOver) await turn.end();
  }
  return tails;
}
