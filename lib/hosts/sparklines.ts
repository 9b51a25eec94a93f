import type { Database } from "#lib/db/client.ts";
import { isDomainError } from "#lib/errors.ts";
import { isOfHost } from "#lib/metrics/frame.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { combinePoints, type Point } from "#lib/tsdb/points.ts";
import { queryRange, type SeriesPoints } from "#lib/tsdb/query.ts";

/** The last hour of a host: percent, and bytes/s in and out of all interfaces together; empty where it sent nothing of it. */
export type HostSparkline = { host: number; cpu: Point[]; memory: Point[]; network: Point[] };

const STEP_MS = 2 * MINUTE_MS;
const GAUGES = ["cpu.usage", "memory.usage"];
const NETWORK = ["network.receive.bytes", "network.transmit.bytes"];

/** The series of a host that selectors name; none where it has none, as of a host that was just added, or more than one question may read. */
async function seriesOf(db: Database, hostId: number, series: string[], now: number): Promise<SeriesPoints[]> {
  try {
    return (await queryRange(db, { hostId, series, from: now - HOUR_MS, to: now + 1, stepMs: STEP_MS })).series;
  } catch (error) {
    if (isDomainError(error) && (error.type === "not-found" || error.type === "too-costly")) return [];
    throw error;
  }
}

async function sparklineOf(db: Database, hostId: number, now: number): Promise<HostSparkline> {
  const gauges = await seriesOf(db, hostId, GAUGES, now);
  const network = await seriesOf(db, hostId, NETWORK, now);
  const pointsOf = (metric: string) => gauges.find((series) => series.metric === metric)?.points ?? [];
  return {
    host: hostId,
    cpu: pointsOf("cpu.usage"),
    memory: pointsOf("memory.usage"),
    network: combinePoints(
      "sum",
      network.filter(({ labels }) => isOfHost(labels)).map(({ points }) => points),
    ),
  };
}

/** Sparklines of some hosts at `now` (ms), in their order. */
export async function readSparklines(db: Database, hostIds: number[], now = Date.now()): Promise<HostSparkline[]> {
  const lines: HostSparkline[] = [];
  // In turn: a page asks for those that it shows, and other readers wait for the same connections.
  for (const hostId of hostIds) lines.push(await sparklineOf(db, hostId, now));
  return lines;
}
