import type { MetricKind, Resolution } from "#lib/contract/enums.ts";
import type { Writer } from "#lib/db/binary-transaction.ts";
import { readKinds } from "#lib/tsdb/catalog/series.ts";
import { type ChunkRow, readChunks, writeChunks } from "#lib/tsdb/chunks/chunk-rows.ts";
import { decodeSteps, encodeSteps, firstFrom, summarise } from "#lib/tsdb/chunks/chunks.ts";
import { chunkStart, RESOLUTIONS } from "#lib/tsdb/chunks/resolution.ts";
import { foldSteps, joinSteps, NO_STEPS, type StepColumns, sliceSteps } from "#lib/tsdb/chunks/steps.ts";

// A chunk of minutes or hours is first written for a part of its span, which spares writing it again for each further part. It may hold the whole
// span: hours are put together once their month is over, and minutes were once kept by the day. No two chunks of a series hold the same step.

/** A part of time of a host, [from, to) in ms since the epoch. */
export type Span = { hostId: number; from: number; to: number };
type Coarse = Exclude<Resolution, "raw">;

/** The row of a chunk of steps. */
export function stepsRow(
  { seriesId, resolution, start }: Pick<ChunkRow, "seriesId" | "resolution" | "start">,
  steps: StepColumns,
  kind: MetricKind = "gauge",
): ChunkRow {
  const means = new Float64Array(steps.times.length);
  for (let n = 0; n < means.length; n++) means[n] = (steps.sum[n] as number) / (steps.weight[n] as number);
  return { seriesId, resolution, start, ...summarise(means), data: encodeSteps(steps, kind) };
}

/** Where the chunk may begin (ms) that steps of a span go into: with its own part, or with the whole. */
export function stepStarts(span: Span, resolution: Coarse): number[] {
  const part = Math.floor(span.from / RESOLUTIONS[resolution].partMs) * RESOLUTIONS[resolution].partMs;
  return [...new Set([part, chunkStart(span.from, resolution)])];
}

/**
 * The row of the chunk that a series' steps of a span go into, with what else it holds, out of those that are stored at `stepStarts`: its own part, or
 * the whole where there is such a one. Undefined where it would hold none.
 */
export function spanRow(
  span: Span,
  { seriesId, resolution, kind }: { seriesId: number; resolution: Coarse; kind: MetricKind },
  fresh: StepColumns,
  stored: { start: number; data: Uint8Array }[],
): ChunkRow | undefined {
  const [part = span.from, whole = part] = stepStarts(span, resolution);
  let [start, steps] = [part, NO_STEPS];
  for (const chunk of stored) {
    const own = decodeSteps(chunk.data);
    const isWhole = chunk.start === whole && (own.times.at(-1) ?? 0) >= whole + RESOLUTIONS[resolution].partMs;
    if (isWhole || (chunk.start === part && steps === NO_STEPS)) [start, steps] = [chunk.start, own];
  }
  const before = sliceSteps(steps, 0, firstFrom(steps.times, span.from));
  const after = sliceSteps(steps, firstFrom(steps.times, span.to), steps.times.length);
  const all = joinSteps([before, fresh, after]);
  return all.times.length === 0 ? undefined : stepsRow({ seriesId, resolution, start }, all, kind);
}

/** Puts what series have of some spans, given by their starts (ms), into one chunk each. Within the caller's transaction. */
export async function joinParts(
  tx: Writer,
  hostId: number,
  { resolution, seriesIds, starts }: { resolution: Coarse; seriesIds: number[]; starts: number[] },
): Promise<void> {
  const { code, spanMs, stepMs } = RESOLUTIONS[resolution];
  for (const start of starts) {
    const parts = await tx.$queryRaw<{ seriesId: number }[]>`
      SELECT series_id AS "seriesId" FROM chunk WHERE host_id = ${hostId} AND series_id = ANY(${seriesIds}::int[]) AND resolution = ${code}
        AND start >= ${new Date(start)} AND start < ${new Date(start + spanMs)}
      GROUP BY 1 HAVING count(*) > 1 OR min(start) > ${new Date(start)}`;
    const ids = parts.map(({ seriesId }) => seriesId);
    if (ids.length === 0) continue;
    const kinds = await readKinds(tx, hostId, ids);
    const chunks = await readChunks(tx, hostId, ids, resolution, { from: start, to: start + spanMs });
    const rows = [...Map.groupBy(chunks, ({ seriesId }) => seriesId)].map(([seriesId, members]) => {
      const steps = joinSteps(members.map(({ data }) => decodeSteps(data)));
      return stepsRow({ seriesId, resolution, start }, foldSteps(steps, { stepMs }), kinds.get(seriesId));
    });
    await tx.$executeRaw`
      DELETE FROM chunk WHERE host_id = ${hostId} AND series_id = ANY(${ids}::int[]) AND resolution = ${code}
        AND start > ${new Date(start)} AND start < ${new Date(start + spanMs)}`;
    await writeChunks(tx, hostId, rows);
  }
}
