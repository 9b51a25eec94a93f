import type { Connection, Database } from "#lib/db/client.ts";
import { readExperiment, readPlan } from "#lib/experiments/read-experiments.ts";
import { readResults } from "#lib/experiments/read-results.ts";
import { decisionName } from "#lib/experiments/verdict.ts";
import { openWebhook } from "#lib/experiments/webhook.ts";
import { moveExperiment, recordVerdict } from "#lib/experiments/write-experiments.ts";
import { type PartsOptions, runParts } from "#lib/jobs/failures.ts";
import { ensureJobs, sendJob } from "#lib/jobs/queue.ts";
import { type JobHandler, runDueJobs, type WorkOptions } from "#lib/jobs/worker.ts";
import { sendWebhook } from "#lib/notify/webhook.ts";
import { DAY_MS } from "#lib/time/durations.ts";

/** Judges an experiment; answers whether its verdict is new. */
async function judgeExperiment(db: Database, id: number, now: number): Promise<boolean> {
  const experiment = await readExperiment(db, String(id));
  const { verdict } = await readResults(db, experiment, now);
  const { decision, reasons, record, rule } = verdict;
  const verdictId = await db.$transaction(async (tx) => {
    const recorded = await recordVerdict(tx, id, { decision, reasons, record, at: now });
    if (recorded && webhookOf(experiment.plan))
      await sendJob(tx, "webhook", { ...webhookJob(recorded), runAt: new Date(now) });
    return recorded;
  });
  if ((experiment.plan.stopOn as string[]).includes(rule))
    await moveExperiment(db, id, "stop", { userId: null, now }, `${rule}: ${reasons.join("; ")}`);
  return verdictId !== undefined;
}

/**
 * Judges what runs: records verdicts that are new, and stops what its stop rules end. Again at once it does nothing. An experiment that
 * cannot be judged, or read, stops no other, is tried again with back-off, and is among the failures.
 */
export async function judgeRunning(
  db: Database,
  options: PartsOptions,
): Promise<{ judged: number; failed: number; verdicts: number }> {
  const done = { judged: 0, verdicts: 0 };
  const all = await db.experiment.findMany({ select: { id: true, key: true, status: true, plan: true } });
  const parts = all.map(({ id, key, status, plan }) => ({
    subject: key,
    async run() {
      readPlan(key, plan);
      if (status !== "running") return;
      if (await judgeExperiment(db, id, options.now)) done.verdicts++;
      done.judged++;
    },
  }));
  const { failed } = await runParts(db, "experiments", parts, options);
  return { ...done, failed };
}

/** The job of telling a verdict. */
const webhookJob = (id: number) => ({ key: String(id), payload: { id } });

const FORGOTTEN_MS = 7 * DAY_MS;

/** Queues verdicts of the past week that were not sent to their webhook and have no job: after an upgrade or a restore. */
export async function queueWaitingWebhooks(db: Connection, now: number): Promise<number> {
  const rows = await db.verdict.findMany({
    where: { notifiedAt: null, webhookFailedAt: null, at: { gte: new Date(now - FORGOTTEN_MS) } },
    select: { id: true, at: true, experiment: { select: { plan: true } } },
  });
  const waiting = rows.filter(({ experiment }) => webhookOf(experiment.plan));
  return ensureJobs(
    db,
    "webhook",
    waiting.map(({ id, at }) => ({ ...webhookJob(id), runAt: at })),
  );
}

const webhookOf = (plan: unknown): string | undefined => (plan as { webhook?: string } | null)?.webhook || undefined;

/** Sends a verdict to its experiment's webhook. */
const webhookHandler = (
  db: Database,
  publicUrl: string | undefined,
  now: () => number,
): JobHandler<{ id: number }> => ({
  async run({ id }, _job, signal) {
    const verdict = await db.verdict.findUnique({ where: { id }, include: { experiment: true } });
    const shown = verdict && webhookOf(verdict.experiment.plan);
    if (!verdict || !shown || verdict.notifiedAt) return;
    const url = openWebhook({ shown, sealed: verdict.experiment.webhookSealed });
    const { decision, reasons, record, at, experiment } = verdict;
    const body = {
      experiment: experiment.key,
      name: experiment.name,
      decision,
      summary: `${experiment.name}: ${decisionName(decision)}`,
      reasons,
      record,
      at,
      ...(publicUrl ? { link: `${publicUrl}/experiments/${experiment.id}` } : {}),
    };
    await sendWebhook(url, body, `verdict-${id}`, { signal });
    const data = { notifiedAt: new Date(now()), webhookFailure: null, webhookFailedAt: null };
    await db.verdict.updateMany({ where: { id }, data });
  },
  async failed({ id }, reason, last) {
    const data = { webhookFailure: reason, webhookFailedAt: last ? new Date(now()) : null };
    await db.verdict.updateMany({ where: { id, notifiedAt: null }, data });
  },
});

/** Sends the verdicts that are due to their webhooks. Answers how many were sent. */
export async function sendVerdicts(
  db: Database,
  publicUrl: string | undefined,
  options: WorkOptions = {},
): Promise<number> {
  const handler = webhookHandler(db, publicUrl, options.now ?? Date.now);
  return (await runDueJobs(db, "webhook", handler, options)).done;
}
