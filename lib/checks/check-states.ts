import { type Check, listChecks } from "#lib/checks/checks.ts";
import { CHECK_FAILURES, type CheckFailure, type CheckState } from "#lib/contract/checks.ts";
import type { Database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { listSeries, type SeriesInfo } from "#lib/tsdb/catalog.ts";
import { type Point, withoutGaps } from "#lib/tsdb/points.ts";
import { queryRange, readNewest, type StoredFrame } from "#lib/tsdb/query.ts";

export type CheckWithStates = Check & { states: CheckState[] };
type Host = { id: number; name: string };

const MISSED = 3;
const DURATION_STEP_MS = 30 * MINUTE_MS;

/** The mean of a series over a span that ends now, each run counted once; null where there is nothing of it. */
async function meanOf(db: Database, hostId: number, series: SeriesInfo | undefined, days: number, now: number) {
  if (!series) return null;
  const range = { hostId, series: [String(series.id)], from: now - days * DAY_MS, to: now + 1, points: 1 };
  // By sum and count: a span has two steps where it crosses the border of one, and these are of unequal lengths.
  const total = async (aggregate: "sum" | "count") => {
    const points = (await queryRange(db, { ...range, aggregate })).series[0]?.points ?? [];
    return withoutGaps(points).reduce((sum, [, value]) => sum + value, 0);
  };
  const [sum, count] = [await total("sum"), await total("count")];
  return count === 0 ? null : sum / count;
}

async function durationsOf(
  db: Database,
  hostId: number,
  series: SeriesInfo | undefined,
  now: number,
): Promise<Point[]> {
  if (!series) return [];
  const range = { hostId, series: [String(series.id)], from: now - DAY_MS, to: now + 1, stepMs: DURATION_STEP_MS };
  return (await queryRange(db, range)).series[0]?.points ?? [];
}

const percent = (share: number | null): number | null => (share === null ? null : 100 * share);

/** What the newest frame says: the value of each series of a check by its metric, and the reason of a failure. */
function readFrame(frame: StoredFrame | undefined, series: SeriesInfo[]) {
  const values = new Map((frame?.seriesIds ?? []).map((id, n) => [id, frame?.values[n] ?? null]));
  const value = (metric: string): number | null => {
    const found = series.find((s) => s.metric === metric && values.has(s.id));
    return found ? (values.get(found.id) ?? null) : null;
  };
  const failing = series.find((s) => s.metric === "check.failure" && values.get(s.id) === 1);
  const reason = CHECK_FAILURES.find((name) => name === failing?.labels.reason) ?? null;
  return { value, reason: reason as CheckFailure | null };
}

async function stateOf(db: Database, check: Check, host: Host, all: SeriesInfo[], now: number): Promise<CheckState> {
  const series = all.filter((s) => s.metric.startsWith("check.") && s.labels.check === check.name);
  const up = series.find(({ metric }) => metric === "check.up");
  const duration = series.find(({ metric }) => metric === "check.duration");
  const [frame] = up ? await readNewest(db, { hostId: host.id, sourceId: up.sourceId }, 1, now) : [];
  const { value, reason } = readFrame(frame, series);
  const silent = !frame || now - frame.at > MISSED * check.intervalMs + check.timeoutMs;
  const mean = (days: number) => meanOf(db, host.id, up, days, now);
  return {
    host: { id: host.id, name: host.name },
    state: silent ? "no_data" : value("check.up") === 1 ? "up" : "down",
    reason: silent ? null : reason,
    lastAt: frame ? new Date(frame.at) : null,
    durationMs: silent ? null : value("check.duration"),
    certificateSeconds: silent ? null : value("check.certificate.expires"),
    uptimeDay: percent(await mean(1)),
    uptimeWeek: percent(await mean(7)),
    uptimeMonth: percent(await mean(30)),
    durations: await durationsOf(db, host.id, duration, now),
  };
}

/** All checks with their state and uptime on each host that runs them, at `now` (ms). */
export async function listCheckStates(db: Database, now = Date.now()): Promise<CheckWithStates[]> {
  const [checks, hosts] = await Promise.all([listChecks(db), listHosts(db, now)]);
  const seriesOf = new Map<number, Promise<SeriesInfo[]>>();
  const readSeries = (id: number) => {
    const reading = seriesOf.get(id) ?? listSeries(db, id);
    seriesOf.set(id, reading);
    return reading;
  };
  const result: CheckWithStates[] = [];
  for (const check of checks) {
    const running = hosts.filter(({ id, agent }) =>
      check.hostIds.length === 0 ? agent === null : check.hostIds.includes(id),
    );
    const states: CheckState[] = [];
    for (const host of running) states.push(await stateOf(db, check, host, await readSeries(host.id), now));
    result.push({ ...check, states });
  }
  return result;
}
