import { ValueMemo } from "#lib/alerts/conditions/live-values.ts";
import { evaluateAlerts } from "#lib/alerts/evaluate.ts";
import { evaluateExpressions, removeOldElements } from "#lib/alerts/evaluate-expressions.ts";
import { removeAlertsBefore } from "#lib/alerts/list-alerts.ts";
import { DetectionRunner, GRACE_MS } from "#lib/anomalies/detection-runner.ts";
import { removeAnomaliesBefore } from "#lib/anomalies/update-anomalies.ts";
import { RESOLUTION_NAMES } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { judgeRunning } from "#lib/experiments/judge-running.ts";
import { recordRound, runParts } from "#lib/jobs/failures.ts";
import { log } from "#lib/log.ts";
import { removeTracesBefore, TRACE_DAYS } from "#lib/otlp/traces/read-traces.ts";
import { removeProcessesBefore } from "#lib/processes/seal.ts";
import { readSettings } from "#lib/settings/store.ts";
import { countEvents } from "#lib/slo/count-events.ts";
import { removeCountsBefore } from "#lib/slo/counts.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { applyRetention, compactDue, cutoffs, dropEmptyPartitions } from "#lib/tsdb/maintenance.ts";
import { stopSignal } from "../lifecycle.ts";
import type { StopStep } from "../stop.ts";
import { repeatTasks } from "../tasks.ts";

// Detects anomalies, judges experiments and maintains the store, each minute. Every task is idempotent and locks what it works on, so that
// several processes share the work and one that is killed costs nothing.

const ALERTS_MS = 5 * SECOND_MS;
const memo = new ValueMemo();

/** Just after the next minute is over and its last frames have come, and so many seconds later. */
const untilNextMinute =
  (seconds = 0) =>
  () =>
    MINUTE_MS - ((Date.now() - GRACE_MS - SECOND_MS / 2 - seconds * SECOND_MS) % MINUTE_MS);

/** Judges the minutes that are over. */
async function detect(db: Database, runner: DetectionRunner, signal: AbortSignal): Promise<void> {
  const { updates, samples, ms } = await runner.step(await readSettings(db), Date.now(), signal);
  if (updates > 0) log.info({ updates, samples, ms: Math.round(ms) }, "anomalies recorded");
}

/** Instants of samples are whole multiples of their interval, and stored within a fraction of a second: rules are judged right after. */
const STORED_MS = 400;
const untilSamples = () => ALERTS_MS - ((Date.now() - STORED_MS) % ALERTS_MS);

/** A round that is so late (ms) comes after a pause: the portal, its database or the machine was away. */
const PAUSE_MS = 6 * ALERTS_MS;
let [resumedAt, judgedAt] = [Date.now(), Date.now()];

/** Judges the alert rules by what has come until now. */
async function alert(db: Database, signal: AbortSignal): Promise<void> {
  const now = Date.now();
  if (Math.abs(now - judgedAt) > PAUSE_MS) resumedAt = now;
  const { transitions, instances, ms } = await evaluateAlerts(db, now, { signal, memo, resumedAt });
  judgedAt = now;
  if (transitions.length > 0)
    log.info({ transitions: transitions.length, instances, ms: Math.round(ms) }, "alerts changed");
}

/** Evaluates the rules that are PromQL expressions, beside the others: a slow one delays none of these. */
async function evaluate(db: Database, signal: AbortSignal): Promise<void> {
  const { rules, transitions } = await evaluateExpressions(db, Date.now(), { signal, resumedAt });
  if (transitions.length > 0) log.info({ transitions: transitions.length, rules }, "alerts of expressions changed");
}

/** Counts the events of SLOs: before the expressions of the same minute are judged. */
const count = (db: Database, signal: AbortSignal): Promise<void> => countEvents(db, { now: Date.now(), signal });

/** Counts of SLOs are kept for 13 months, however long samples are. */
const SLO_DAYS = 396;

async function judge(db: Database, signal: AbortSignal): Promise<void> {
  const { verdicts } = await judgeRunning(db, { now: Date.now(), signal });
  if (verdicts > 0) log.info({ verdicts }, "experiments judged");
}

async function compact(db: Database, signal: AbortSignal): Promise<void> {
  const now = Date.now();
  const { raw } = cutoffs(await readSettings(db), now);
  const total = await compactDue(db, now, {
    keptFrom: raw,
    runParts: (parts) => runParts(db, "compaction", parts, { now, signal }),
  });
  if (total.frames > 0) log.info(total, "frames compacted");
}

/** Takes away what is older than it is kept: it outlives its retention by a minute at most. */
async function retain(db: Database, signal: AbortSignal): Promise<void> {
  const now = Date.now();
  const settings = await readSettings(db);
  const removed: Record<string, number> = {};
  const part = (subject: string, run: () => Promise<number>) => ({
    subject,
    async run() {
      const count = await run();
      if (count > 0) removed[subject] = count;
    },
  });
  const parts = [
    part("empty partitions", async () => (await dropEmptyPartitions(db, now)).length),
    ...RESOLUTION_NAMES.map((resolution) =>
      part(`${resolution} chunks`, () => applyRetention(db, settings, now, [resolution])),
    ),
    part("processes", () => removeProcessesBefore(db, now - settings.retention_process_days * DAY_MS)),
    part("traces", () => removeTracesBefore(db, now - TRACE_DAYS * DAY_MS)),
    part("anomalies", () => removeAnomaliesBefore(db, now - settings.retention_anomaly_days * DAY_MS)),
    part("counts of SLOs", () => removeCountsBefore(db, now - SLO_DAYS * DAY_MS)),
    part("elements of expressions", () => removeOldElements(db)),
    part("alerts", () => removeAlertsBefore(db, now - settings.retention_anomaly_days * DAY_MS)),
  ];
  await runParts(db, "retention", parts, { now, signal });
  if (Object.keys(removed).length > 0) log.info(removed, "old data removed");
}

/** Begins it, and answers how it ends: what a minute's detection has learned is kept. */
export function startEvaluation(db: Database): StopStep[] {
  const runner = new DetectionRunner(db);
  const tasks = repeatTasks(
    [
      // Not all at one instant: readers of the live stream would notice.
      { name: "detection", run: (signal) => detect(db, runner, signal), pauseMs: untilNextMinute() },
      { name: "alerts", run: (signal) => alert(db, signal), pauseMs: untilSamples, maxBackoffMs: 3 * ALERTS_MS },
      {
        name: "expressions",
        run: (signal) => evaluate(db, signal),
        pauseMs: untilSamples,
        maxBackoffMs: 3 * ALERTS_MS,
      },
      { name: "slos", run: (signal) => count(db, signal), pauseMs: untilNextMinute(3) },
      { name: "experiments", run: (signal) => judge(db, signal), pauseMs: untilNextMinute(10) },
      { name: "compaction", run: (signal) => compact(db, signal), pauseMs: untilNextMinute(20) },
      { name: "retention", run: (signal) => retain(db, signal), pauseMs: untilNextMinute(30) },
    ],
    stopSignal,
    (task, error) => recordRound(db, task, error),
  );
  return [
    { name: "tasks", run: () => tasks },
    { name: "what detection has learned", run: () => runner.save(Date.now()), reservedMs: 3 * SECOND_MS },
  ];
}
