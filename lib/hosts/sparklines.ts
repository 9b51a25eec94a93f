import type { Database } from "#lib/db/client.ts";
import { isDomainError } from "#lib/errors.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import type { Point } from "#lib/tsdb/points.ts";
import { queryRange } from "#lib/tsdb/query.ts";

/** The last hour of a host, percent; empty where it sent nothing of it. */
export type HostSparkline = { host: number; cpu: Point[]; memory: Point[] };

const STEP_MS = 2 * MINUTE_MS;
const METRICS = ["cpu.usage", "memory.usage"];

async function sparklineOf(db: Database, hostId: number, now: number): Promise<HostSparkline> {
  const range = { hostId, series: METRICS, from: now - HOUR_MS, to: now + 1, stepMs: STEP_MS };
  const result = await queryRange(db, range).catch((error: unknown) => {
    // A host that is just added has no such series yet.
    if (isDomainError(error) && error.type === "not-found") return undefined;
    throw error;
  });
  const pointsOf = (metric: string) => result?.series.find((series) => series.metric === metric)?.points ?? [];
  return { host: hostId, cpu: pointsOf("cpu.usage"), memory: pointsOf("memory.usage") };
}

/** Sparklines of some hosts at `now` (ms), in their order. */
export async function readSparklines(db: Database, hostIds: number[], now = Date.now()): Promise<HostSparkline[]> {
  const lines: HostSparkline[] = [];
  // In turn: a page asks for those that it shows, and other readers wait for the same connections.
  for (const hostId of hostIds) lines.push(await sparklineOf(db, hostId, now));
  return lines;
}
