import type { VerdictDecision } from "#lib/contract/enums.ts";
import { type Action, type ChangeAction, type ExperimentStatus, TRANSITIONS } from "#lib/contract/experiment-names.ts";
import { type Amendment, type ExperimentPlan, type Plan, planSchema } from "#lib/contract/experiment-plans.ts";
import { wireName } from "#lib/contract/wire.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { isUniqueViolation } from "#lib/db/unique.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { type StoredWebhook, sealWebhook } from "#lib/experiments/webhook.ts";
import { assertHosts } from "#lib/hosts/hosts.ts";

/** Who did something, and when (ms). */
export type Actor = { userId: string | null; now: number };

const nestedRows = ({ variants, metrics }: Pick<ExperimentPlan, "variants" | "metrics">) => ({
  variants: {
    create: variants.map((variant, position) => ({ ...variant, name: variant.name || variant.key, position })),
  },
  metrics: { create: metrics.map((metric, position) => ({ ...metric, name: metric.name || metric.key, position })) },
});

const recordChange = (
  db: Connection,
  experimentId: number,
  actor: Actor,
  action: ChangeAction,
  change: object = {},
  reason = "",
) =>
  db.experimentChange.create({
    data: {
      experimentId,
      userId: actor.userId,
      at: new Date(actor.now),
      action,
      reason,
      change: change as Prisma.InputJsonObject,
    },
  });

/** Runs a transaction that writes a key. @throws DomainError conflict where another experiment has it, also by now */
async function writeKey<T>(db: Database, key: string, work: (tx: Connection) => Promise<T>): Promise<T> {
  try {
    return await db.$transaction(work);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const message = `There is an experiment "${key}" already: choose another key`;
    throw new DomainError("conflict", message, { fields: [{ field: "key", message }] });
  }
}

/** A host that is named by two variants would be compared with itself. @throws DomainError validation */
async function assertVariantHosts(tx: Connection, variants: ExperimentPlan["variants"]): Promise<void> {
  const ids = variants.flatMap(({ hostIds }) => hostIds);
  await assertHosts(tx, ids, "variants");
  const twice = ids.find((id, n) => ids.indexOf(id) !== n);
  if (twice === undefined) return;
  const message = `Host ${twice} is named twice: give each variant hosts of its own`;
  throw invalidField("variants", message);
}

/** A plan and its webhook as they are stored. */
function storedPlan(plan: Plan, stored?: StoredWebhook) {
  const { shown, sealed } = sealWebhook(plan.webhook, stored);
  return { plan: { ...plan, webhook: shown }, webhookSealed: sealed };
}

/** Creates a draft. @throws DomainError conflict for a key that another has, validation for hosts that there are not */
export async function createExperiment(db: Database, input: ExperimentPlan, actor: Actor): Promise<number> {
  const { variants, metrics, ...own } = input;
  return writeKey(db, own.key, async (tx) => {
    await assertVariantHosts(tx, variants);
    const { id } = await tx.experiment.create({
      data: { ...own, ...storedPlan(own.plan), ownerId: actor.userId, ...nestedRows({ variants, metrics }) },
      select: { id: true },
    });
    await recordChange(tx, id, actor, "create");
    return id;
  });
}

/** Holds an experiment's row, so that what is read of it still holds when it is written. @throws DomainError not-found */
async function lockExperiment(tx: Connection, id: number) {
  const [row] = await tx.$queryRaw<{ status: ExperimentStatus; startedAt: Date | null; webhook: StoredWebhook }[]>`
    SELECT status, started_at AS "startedAt",
           jsonb_build_object('shown', coalesce(plan->>'webhook', ''), 'sealed', webhook_sealed) AS webhook
    FROM experiment WHERE id = ${id} FOR UPDATE`;
  if (!row) throw new DomainError("not-found", `There is no experiment ${id}`);
  return row;
}

/** Replaces a draft. @throws DomainError conflict once it has started, or for a key that another has */
export async function writeDraft(db: Database, id: number, input: ExperimentPlan, actor: Actor): Promise<void> {
  const { variants, metrics, ...own } = input;
  await writeKey(db, own.key, async (tx) => {
    const { status, webhook } = await lockExperiment(tx, id);
    if (status !== "draft")
      throw new DomainError(
        "conflict",
        `An experiment that is ${status} cannot be edited: amend it with a reason, or create another`,
      );
    await assertVariantHosts(tx, variants);
    await tx.variant.deleteMany({ where: { experimentId: id } });
    await tx.experimentMetric.deleteMany({ where: { experimentId: id } });
    const data = { ...own, ...storedPlan(own.plan, webhook), ...nestedRows({ variants, metrics }) };
    await tx.experiment.update({ where: { id }, data });
    await recordChange(tx, id, actor, "plan");
  });
}

/** Changes what may be changed of one that runs; the reason and what was before stay in its history. */
export async function amendExperiment(db: Database, id: number, amendment: Amendment, actor: Actor): Promise<void> {
  const { reason, name, hypothesis, tags, ...planFields } = amendment;
  await db.$transaction(async (tx) => {
    const { webhook } = await lockExperiment(tx, id);
    const before = await tx.experiment.findUniqueOrThrow({ where: { id } });
    const amended = planSchema.parse({ ...(before.plan as object), ...planFields });
    const { plan, webhookSealed } = storedPlan(amended, webhook);
    const own = Object.fromEntries(
      Object.entries({ name, hypothesis, tags }).filter(([, value]) => value !== undefined),
    );
    await tx.experiment.update({ where: { id }, data: { ...own, plan, webhookSealed } });
    const [old, fresh] = [
      { ...planSchema.parse(before.plan), ...before },
      { ...plan, ...own },
    ] as Record<string, unknown>[];
    const changed = Object.keys({ ...own, ...planFields });
    // By the API's names, as the amendment was sent.
    const change = changed.map((field) => [wireName(field), { from: old?.[field], to: fresh?.[field] }]);
    await recordChange(tx, id, actor, "amend", Object.fromEntries(change), reason);
  });
}

/** Moves an experiment on. @throws DomainError conflict where its status does not allow that */
export async function moveExperiment(
  db: Database,
  id: number,
  action: Action,
  actor: Actor,
  reason = "",
): Promise<void> {
  const { from, to } = TRANSITIONS[action];
  await db.$transaction(async (tx) => {
    const { status } = await lockExperiment(tx, id);
    if (!from.includes(status))
      throw new DomainError(
        "conflict",
        `An experiment that is ${status} cannot ${action}: it must be ${from.join(" or ")}`,
      );
    const at = new Date(actor.now);
    await tx.experiment.update({
      where: { id },
      data: {
        status: to,
        ...(action === "start" ? { startedAt: at } : {}),
        ...(action === "stop" ? { stoppedAt: at } : {}),
      },
    });
    await recordChange(tx, id, actor, action, {}, reason);
  });
}

/** Records a verdict where it says something else than the last. Answers its id; undefined where it says the same. */
export async function recordVerdict(
  db: Connection,
  experimentId: number,
  verdict: { decision: VerdictDecision; reasons: string[]; record: object; at: number },
): Promise<number | undefined> {
  const last = await db.verdict.findFirst({ where: { experimentId }, orderBy: { id: "desc" } });
  if (last?.decision === verdict.decision) return undefined;
  const { at, ...rest } = verdict;
  const data = { experimentId, at: new Date(at), ...rest };
  return (await db.verdict.create({ data, select: { id: true } })).id;
}
