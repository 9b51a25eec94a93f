import type { Database } from "#lib/db/client.ts";
import { listExperiments } from "#lib/experiments/read.ts";
import { readResults } from "#lib/experiments/read-results.ts";
import { decisionName } from "#lib/experiments/verdict.ts";
import { moveExperiment, recordVerdict } from "#lib/experiments/write.ts";

const LIMIT_MS = 10_000;

/** Judges what runs: records verdicts that are new, and stops what its stop rules end. Again at once it does nothing. */
export async function judgeRunning(db: Database, now: number): Promise<{ judged: number; verdicts: number }> {
  const running = await listExperiments(db, { status: "running" });
  let verdicts = 0;
  for (const experiment of running) {
    const { verdict } = await readResults(db, experiment, now);
    const { decision, reasons, record, rule } = verdict;
    if (await recordVerdict(db, experiment.id, { decision, reasons, record, at: now })) verdicts++;
    if ((experiment.plan.stopOn as string[]).includes(rule))
      await moveExperiment(db, experiment.id, "stop", { userId: null, now }, `${rule}: ${reasons.join("; ")}`);
  }
  return { judged: running.length, verdicts };
}

/** Sends verdicts that nobody was told of to their experiment's webhook; one that fails is tried again with the next call. */
export async function tellVerdicts(db: Database, publicUrl: string | undefined, now: number): Promise<number> {
  const untold = await db.verdict.findMany({ where: { notifiedAt: null }, include: { experiment: true }, take: 50 });
  let told = 0;
  for (const { id, decision, reasons, record, at, experiment } of untold) {
    const webhook = (experiment.plan as { webhook?: string }).webhook;
    const body = {
      experiment: experiment.key,
      name: experiment.name,
      decision,
      summary: `${experiment.name}: ${decisionName(decision as "ship")}`,
      reasons,
      record,
      at,
      ...(publicUrl ? { link: `${publicUrl}/experiments/${experiment.id}` } : {}),
    };
    if (webhook) {
      const sent = await fetch(webhook, {
        method: "POST",
        headers: { "content-type": "application/json", "user-agent": "Sightline" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(LIMIT_MS),
      }).catch(() => undefined);
      if (!sent?.ok) continue;
      told++;
    }
    await db.verdict.update({ where: { id }, data: { notifiedAt: new Date(now) } });
  }
  return told;
}
