import { readPlacing } from "#lib/alerts/expressions/places.ts";
import type { Database } from "#lib/db/client.ts";
import { runParts } from "#lib/jobs/failures.ts";
import { reasonOf } from "#lib/log.ts";
import { PORTAL_SOURCE, type Reading } from "#lib/metrics/frame.ts";
import { BUDGET_LEFT, BURN_RATE, FAILED_EVENTS } from "#lib/metrics/reserved.ts";
import { budgetLeftOf, burnOf, burnWindows, failedOf } from "#lib/slo/budget.ts";
import { windowLabel } from "#lib/slo/burn-rules.ts";
import { storeCounts, sumWindows } from "#lib/slo/counts.ts";
import { readMinuteCounts } from "#lib/slo/indicators.ts";
import { listSlos, noteProblem, type Slo } from "#lib/slo/slos.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";

/** Minutes are counted again for so long (ms): samples come late. */
const RECOUNT_MS = 15 * MINUTE_MS;
/** What is read at once (ms), when the past is counted. */
const CHUNK_MS = 6 * HOUR_MS;
/** An SLO counts its past for so long (ms) a round: others wait for it. */
const TURN_MS = 10 * SECOND_MS;

type Round = { now: number; signal?: AbortSignal | undefined };

const floorTo = (at: number, stepMs: number): number => Math.floor(at / stepMs) * stepMs;

/** Counts the minutes of an SLO that are over. Answers until when (ms) it is counted, undefined where another change was faster. */
async function countSlo(db: Database, slo: Slo, { now, signal }: Round): Promise<number | undefined> {
  const end = floorTo(now, MINUTE_MS);
  const oldest = end - slo.windowDays * DAY_MS;
  const until = performance.now() + TURN_MS;
  // A clock that was set back must not leave a span that nobody counts.
  const before = Math.min(slo.countedTo?.getTime() ?? oldest, end);
  let from = Math.max(oldest, before - RECOUNT_MS);
  while (from < end && !signal?.aborted && performance.now() < until) {
    const to = Math.min(end, from + CHUNK_MS);
    const counts = await readMinuteCounts(db, slo.indicator, { from, to, signal });
    if (!(await storeCounts(db, { sloId: slo.id, revision: slo.revision, from, to }, counts))) return undefined;
    from = to;
  }
  return from;
}

/** What is recorded of an SLO at `at` (ms), for its alert rules. */
async function readingsOf(db: Database, slo: Slo, at: number): Promise<Reading[]> {
  const windows = burnWindows(slo).flatMap(({ longMs, shortMs }) => [longMs, shortMs]);
  const whole = slo.windowDays * DAY_MS;
  const sums = await sumWindows(db, slo.id, at, [...new Set([...windows, whole])]);
  const labels = { slo_id: String(slo.id), slo: slo.name };
  const gauge = { kind: "gauge", unit: "count" } as const;
  const none = { good: 0, total: 0 };
  return [
    ...[...new Set(windows)].flatMap((ms): Reading[] => {
      const events = sums.get(ms) ?? none;
      const own = { ...labels, window: windowLabel(ms) };
      return [
        { ...gauge, metric: BURN_RATE, labels: own, value: burnOf(slo, events), help: "Burn rate of an error budget" },
        { ...gauge, metric: FAILED_EVENTS, labels: own, value: failedOf(events), help: "Events of an SLO that failed" },
      ];
    }),
    {
      ...{ ...gauge, metric: BUDGET_LEFT, labels, value: budgetLeftOf(slo, sums.get(whole) ?? none) },
      help: "Share of an error budget that is left",
    },
  ];
}

async function countAndRecord(db: Database, slo: Slo, round: Round, hostId: number): Promise<void> {
  const end = floorTo(round.now, MINUTE_MS);
  try {
    if ((await countSlo(db, slo, round)) !== end) return;
  } catch (error) {
    if (!round.signal?.aborted) await noteProblem(db, slo.id, reasonOf(error));
    throw error;
  }
  const readings = await readingsOf(db, slo, end);
  const source = { kind: PORTAL_SOURCE, name: `slo-${slo.id}` };
  await new FrameWriter(db, new Registry(db)).append(hostId, { source, at: end, intervalMs: MINUTE_MS, readings });
}

/**
 * Counts the events of all SLOs until the last full minute before `now` (ms), and records their burn rates for the alert rules. One that fails is
 * tried again with back-off, and stops no other. Killed anywhere, the next round counts the same minutes again.
 */
export async function countEvents(db: Database, { now, signal }: Round): Promise<void> {
  const slos = await listSlos(db);
  if (slos.length === 0) return;
  const { ownHostId } = await readPlacing(db, now);
  const parts = slos.map((slo) => ({
    subject: `${slo.name} (SLO ${slo.id})`,
    run: () => countAndRecord(db, slo, { now, signal }, ownHostId),
  }));
  await runParts(db, "slos", parts, { now, signal });
}
