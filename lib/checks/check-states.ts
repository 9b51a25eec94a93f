import { type Check, listChecks } from "#lib/checks/checks.ts";
import { CHECK_FAILURES, type CheckFailure, type CheckState } from "#lib/contract/checks.ts";
import type { Aggregate } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { listSeriesOfSources, type SeriesInfo } from "#lib/tsdb/catalog.ts";
import { type Point, withoutGaps } from "#lib/tsdb/points.ts";
import { queryRange, readNewest, type StoredFrame } from "#lib/tsdb/query.ts";

export type CheckWithStates = Check & { states: CheckState[] };
type Host = { id: number; name: string };

const MISSED = 3;
const DURATION_STEP_MS = 30 * MINUTE_MS;
/** Series that are read at once. */
const BATCH = 50;

/** The points of series of a host by the series' id; of the last `days` until `now` (ms). */
async function readPoints(
  db: Database,
  { hostId, ids, days, now }: { hostId: number; ids: number[]; days: number; now: number },
  form: { stepMs: number } | { points: number; aggregate: Aggregate },
): Promise<Map<number, Point[]>> {
  const read = new Map<number, Point[]>();
  for (let n = 0; n < ids.length; n += BATCH) {
    const range = { hostId, from: now - days * DAY_MS, to: now + 1, series: ids.slice(n, n + BATCH).map(String) };
    for (const { id, points } of (await queryRange(db, { ...range, ...form })).series) read.set(id, points);
  }
  return read;
}

/** By a span in days, the sum and the count of the runs of each series of `check.up`. */
type Totals = Map<number, { sum: Map<number, Point[]>; count: Map<number, Point[]> }>;

async function readTotals(db: Database, hostId: number, ids: number[], now: number): Promise<Totals> {
  const totals: Totals = new Map();
  for (const days of [1, 7, 30]) {
    const wanted = { hostId, ids, days, now };
    // By sum and count: a span has two steps where it crosses the border of one, and these are of unequal lengths.
    const [sum, count] = [
      await readPoints(db, wanted, { points: 1, aggregate: "sum" }),
      await readPoints(db, wanted, { points: 1, aggregate: "count" }),
    ];
    totals.set(days, { sum, count });
  }
  return totals;
}

/** The share of the runs of a span that succeeded, percent, each run counted once; null where there was none. */
function uptimeOf(totals: Totals, days: number, ups: SeriesInfo[]): number | null {
  const { sum, count } = totals.get(days) ?? {};
  const add = (read: Map<number, Point[]> | undefined) =>
    ups.reduce((all, { id }) => withoutGaps(read?.get(id) ?? []).reduce((part, [, value]) => part + value, all), 0);
  const runs = add(count);
  return runs === 0 ? null : (100 * add(sum)) / runs;
}

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

type Run = { host: Host; series: SeriesInfo[]; totals: Totals; durations: Map<number, Point[]> };

const ofMetric = (series: SeriesInfo[], metric: string) => series.filter((candidate) => candidate.metric === metric);

async function stateOf(db: Database, check: Check, run: Run, now: number): Promise<CheckState> {
  const { host, series, totals, durations } = run;
  const ups = ofMetric(series, "check.up");
  const sourceId = ups[0]?.sourceId;
  const [frame] = sourceId === undefined ? [] : await readNewest(db, { hostId: host.id, sourceId }, 1, now);
  const { value, reason } = readFrame(frame, series);
  const silent = !frame || now - frame.at > MISSED * check.intervalMs + check.timeoutMs;
  // The name is a label: a check that was renamed goes on by other series.
  const duration = ofMetric(series, "check.duration").find(({ labels }) => labels.check === check.name);
  return {
    host: { id: host.id, name: host.name },
    state: silent ? "no_data" : value("check.up") === 1 ? "up" : "down",
    reason: silent ? null : reason,
    lastAt: frame ? new Date(frame.at) : null,
    durationMs: silent ? null : value("check.duration"),
    certificateSeconds: silent ? null : value("check.certificate.expires"),
    uptimeDay: uptimeOf(totals, 1, ups),
    uptimeWeek: uptimeOf(totals, 7, ups),
    uptimeMonth: uptimeOf(totals, 30, ups),
    durations: (duration && durations.get(duration.id)) ?? [],
  };
}

const runsOn = ({ hostIds }: Check, { id, agent }: { id: number; agent: unknown }): boolean =>
  hostIds.length === 0 ? agent === null : hostIds.includes(id);

/** The states of the checks that one host runs, by the check's id. */
async function statesOn(db: Database, host: Host, checks: Check[], now: number): Promise<Map<number, CheckState>> {
  const bySource = await listSeriesOfSources(db, host.id, "check");
  const seriesOf = ({ id }: Check) => bySource.get(String(id)) ?? [];
  const idsOf = (metric: string) => checks.flatMap((check) => ofMetric(seriesOf(check), metric).map(({ id }) => id));
  const totals = await readTotals(db, host.id, idsOf("check.up"), now);
  const wanted = { hostId: host.id, ids: idsOf("check.duration"), days: 1, now };
  const durations = await readPoints(db, wanted, { stepMs: DURATION_STEP_MS });
  const states = new Map<number, CheckState>();
  for (const check of checks)
    states.set(check.id, await stateOf(db, check, { host, series: seriesOf(check), totals, durations }, now));
  return states;
}

/** All checks with their state and uptime on each host that runs them, at `now` (ms). */
export async function listCheckStates(db: Database, now = Date.now()): Promise<CheckWithStates[]> {
  const [checks, hosts] = await Promise.all([listChecks(db), listHosts(db, now)]);
  const result = checks.map((check): CheckWithStates => ({ ...check, states: [] }));
  for (const host of hosts) {
    const running = result.filter((check) => runsOn(check, host));
    if (running.length === 0) continue;
    const states = await statesOn(db, host, running, now);
    for (const check of running) check.states.push(states.get(check.id) as CheckState);
  }
  return result;
}
