import { DetectionRunner, GRACE_MS } from "#lib/anomalies/detection-runner.ts";
import { removeAnomaliesBefore } from "#lib/anomalies/update-anomalies.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { judgeRunning, tellVerdicts } from "#lib/experiments/judge-running.ts";
import { log, reasonOf } from "#lib/log.ts";
import { readSettings } from "#lib/settings/store.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { applyRetention, compactDue, cutoffs, dropEmptyPartitions } from "#lib/tsdb/maintenance.ts";
import { runLoop, stopping } from "./loop.ts";

// Judges what came in, compacts what is due and takes away what is too old. Every step is idempotent and locks what it works on, so that several
// of these share the work and one that is killed costs nothing.

const LOOK_MS = MINUTE_MS;

const db = openDatabase(databaseUrl(), {
  maxConnections: 2,
  applicationName: "sightline-evaluator",
  queryLimitMs: 120_000,
});

const runner = new DetectionRunner(db);

/** Just after the next minute is over and its last frames have come. */
const untilNextMinute = () => LOOK_MS - ((Date.now() - GRACE_MS) % LOOK_MS) + 500;

/** Judges the minutes that are over; anomalies outlive their retention by a minute at most. */
async function detect(): Promise<void> {
  const settings = await readSettings(db);
  const { updates, samples, ms } = await runner.step(settings, Date.now());
  if (updates > 0) log.info({ updates, samples, ms: Math.round(ms) }, "anomalies recorded");
  await removeAnomaliesBefore(db, Date.now() - settings.retention_anomaly_days * DAY_MS);
}

/** Judges experiments that run, and tells whoever asked to be told. */
async function judge(): Promise<void> {
  const { verdicts } = await judgeRunning(db, Date.now());
  const told = await tellVerdicts(db, readEnvironment().publicUrl, Date.now());
  if (verdicts + told > 0) log.info({ verdicts, told }, "experiments judged");
}

async function work(): Promise<void> {
  const now = Date.now();
  const settings = await readSettings(db);
  const compacted = await compactDue(db, now, {
    keptFrom: cutoffs(settings, now).raw,
    stop: () => stopping.signal.aborted,
  });
  if (compacted.frames > 0) log.info(compacted, "frames compacted");
  const dropped = await dropEmptyPartitions(db, now);
  const removed = await applyRetention(db, settings, now);
  if (dropped.length + removed > 0) log.info({ dropped, removed }, "old data removed");
}

runLoop(
  [
    { run: detect, again: "detection will be tried again" },
    { run: judge, again: "experiments will be judged again" },
    { run: work, again: "compaction will be tried again" },
  ],
  untilNextMinute,
  async () => {
    await runner
      .save(Date.now())
      .catch((error: Error) => log.warn({ reason: reasonOf(error) }, "learned again at the start"));
    await db.$disconnect();
  },
);
