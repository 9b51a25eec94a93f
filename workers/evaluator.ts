import { DetectionRunner, GRACE_MS } from "#lib/anomalies/detection-runner.ts";
import { removeAnomaliesBefore } from "#lib/anomalies/update-anomalies.ts";
import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { judgeRunning } from "#lib/experiments/judge-running.ts";
import { log } from "#lib/log.ts";
import { readSettings } from "#lib/settings/store.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { applyRetention, compactDue, cutoffs, dropEmptyPartitions } from "#lib/tsdb/maintenance.ts";
import { onStop, ready, stopSignal } from "./lifecycle.ts";
import { receiveSecrets } from "./secrets.ts";
import { repeatTasks } from "./tasks.ts";

// Detects anomalies, judges experiments and maintains the store, each minute. Every task is idempotent and locks what it works on, so that
// several of these share the work and one that is killed costs nothing.

await receiveSecrets();

const db = openDatabase(databaseUrl(), {
  maxConnections: 3,
  applicationName: "sightline-evaluator",
  queryLimitMs: 120_000,
});

const runner = new DetectionRunner(db);

/** Just after the next minute is over and its last frames have come, and so many seconds later. */
const untilNextMinute =
  (seconds = 0) =>
  () =>
    MINUTE_MS - ((Date.now() - GRACE_MS - SECOND_MS / 2 - seconds * SECOND_MS) % MINUTE_MS);

/** Judges the minutes that are over; anomalies outlive their retention by a minute at most. */
async function detect(): Promise<void> {
  const settings = await readSettings(db);
  const { updates, samples, ms } = await runner.step(settings, Date.now());
  if (updates > 0) log.info({ updates, samples, ms: Math.round(ms) }, "anomalies recorded");
  await removeAnomaliesBefore(db, Date.now() - settings.retention_anomaly_days * DAY_MS);
}

async function judge(): Promise<void> {
  const { verdicts } = await judgeRunning(db, Date.now());
  if (verdicts > 0) log.info({ verdicts }, "experiments judged");
}

async function maintain(signal: AbortSignal): Promise<void> {
  const now = Date.now();
  const settings = await readSettings(db);
  const compacted = await compactDue(db, now, { keptFrom: cutoffs(settings, now).raw, stop: () => signal.aborted });
  if (compacted.frames > 0) log.info(compacted, "frames compacted");
  const dropped = await dropEmptyPartitions(db, now);
  const removed = await applyRetention(db, settings, now);
  if (dropped.length + removed > 0) log.info({ dropped, removed }, "old data removed");
}

const tasks = repeatTasks(
  [
    // Not all at one instant: readers of the live stream would notice.
    { name: "detection", run: detect, pauseMs: untilNextMinute() },
    { name: "experiments", run: judge, pauseMs: untilNextMinute(10) },
    { name: "maintenance", run: maintain, pauseMs: untilNextMinute(20) },
  ],
  stopSignal,
);

onStop([
  { name: "tasks", run: () => tasks },
  { name: "what detection has learned", run: () => runner.save(Date.now()), reservedMs: 3 * SECOND_MS },
  { name: "database", run: () => db.$disconnect() },
]);
ready();
