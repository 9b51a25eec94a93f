import type { VerdictDecision } from "#lib/contract/enums.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { listExperiments } from "#lib/experiments/read.ts";
import { readResults } from "#lib/experiments/read-results.ts";
import { decisionName } from "#lib/experiments/verdict.ts";
import { moveExperiment, recordVerdict } from "#lib/experiments/write.ts";
import { ensureJobs, sendJob } from "#lib/jobs/queue.ts";
import { type JobHandler, runDueJobs, type WorkOptions } from "#lib/jobs/worker.ts";
import { sendWebhook } from "#lib/notify/webhook.ts";
import { DAY_MS } from "#lib/time/durations.ts";

/** Judges what runs: records verdicts that are new, and stops what its stop rules end. Again at once it does nothing. */
export async function judgeRunning(db: Database, now: number): Promise<{ judged: number; verdicts: number }> {
  const running = await listExperiments(db, { status: "running" });
  let verdicts = 0;
  for (const experiment of running) {
    const { verdict } = await readResults(db, experiment, now);
    const { decision, reasons, record, rule } = verdict;
    const verdictId = await db.$transaction(async (tx) => {
      const id = await recordVerdict(tx, experiment.id, { decision, reasons, record, at: now });
      if (id && webhookOf(experiment.plan)) await sendJob(tx, "webhook", { ...webhookJob(id), runAt: new Date(now) });
      return id;
    });
    if (verdictId) verdicts++;
    if ((experiment.plan.stopOn as string[]).includes(rule))
      await moveExperiment(db, experiment.id, "stop", { userId: null, now }, `${rule}: ${reasons.join("; ")}`);
  }
  return { judged: running.length, verdicts };
}

/** The job of telling a verdict. */
const webhookJob = (id: number) => ({ key: String(id), payload: { id } });

const FORGOTTEN_MS = 7 * DAY_MS;

/** Queues verdicts of the past week that were not sent to their webhook and have no job: after an upgrade or a restore. */
export async function queueWaitingWebhooks(db: Connection, now: number): Promise<number> {
  const rows = await db.verdict.findMany({
    where: { notifiedAt: null, at: { gte: new Date(now - FORGOTTEN_MS) } },
    select: { id: true, at: true, experiment: { select: { plan: true } } },
  });
  const waiting = rows.filter(({ experiment }) => webhookOf(experiment.plan));
  return ensureJobs(
    db,
    "webhook",
    waiting.map(({ id, at }) => ({ ...webhookJob(id), runAt: at })),
  );
}

const webhookOf = (plan: unknown): string | undefined => (plan as { webhook?: string }).webhook || undefined;

/** Sends a verdict to its experiment's webhook. */
const webhookHandler = (
  db: Database,
  publicUrl: string | undefined,
  now: () => number,
): JobHandler<{ id: number }> => ({
  async run({ id }, _job, signal) {
    const verdict = await db.verdict.findUnique({ where: { id }, include: { experiment: true } });
    const url = verdict && webhookOf(verdict.experiment.plan);
    if (!verdict || !url || verdict.notifiedAt) return;
    const { decision, reasons, record, at, experiment } = verdict;
    const body = {
      experiment: experiment.key,
      name: experiment.name,
      decision,
      summary: `${experiment.name}: ${decisionName(decision as VerdictDecision)}`,
      reasons,
      record,
      at,
      ...(publicUrl ? { link: `${publicUrl}/experiments/${experiment.id}` } : {}),
    };
    await sendWebhook(url, body, `verdict-${id}`, signal);
    await db.verdict.update({ where: { id }, data: { notifiedAt: new Date(now()) } });
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
