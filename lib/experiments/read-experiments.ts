import { userNames } from "#lib/access/users.ts";
import type { VerdictDecision } from "#lib/contract/enums.ts";
import type { ChangeAction, ExperimentKind, ExperimentStatus } from "#lib/contract/experiment-names.ts";
import { type MetricPlan, type Plan, planSchema, type VariantPlan } from "#lib/contract/experiment-plans.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import type { Judgement } from "#lib/experiments/verdict.ts";
import { shownWebhook } from "#lib/experiments/webhook.ts";

export type ExperimentInfo = {
  id: number;
  key: string;
  name: string;
  hypothesis: string;
  kind: ExperimentKind;
  status: ExperimentStatus;
  owner: string | null;
  tags: string[];
  plan: Plan;
  createdAt: Date;
  startedAt: Date | null;
  stoppedAt: Date | null;
  variants: VariantPlan[];
  metrics: MetricPlan[];
  /** What was concluded last. */
  decision: VerdictDecision | null;
};

const INCLUDE = {
  variants: { orderBy: { position: "asc" }, omit: { experimentId: true, position: true } },
  metrics: { orderBy: { position: "asc" }, omit: { experimentId: true, position: true } },
  verdicts: { orderBy: { id: "desc" }, take: 1, select: { decision: true, at: true } },
} as const;

type Row = Awaited<ReturnType<typeof find>>[number];

const find = (db: Connection, where: object) =>
  db.experiment.findMany({ where, include: INCLUDE, omit: { webhookSealed: true }, orderBy: { createdAt: "desc" } });

/** The plan of an experiment as it is stored. @throws DomainError conflict where no version of this portal can have written it */
export function readPlan(key: string, stored: unknown): Plan {
  const { data: plan, error } = planSchema.safeParse(stored);
  if (plan) return { ...plan, webhook: shownWebhook(plan.webhook) };
  const [issue] = error.issues;
  throw new DomainError(
    "conflict",
    `The stored plan of experiment ${key} cannot be read: ${issue?.path.join(".")}: ${issue?.message}. Restore a backup from before it was damaged, or update Sightline if a newer version wrote it`,
  );
}

const toExperimentInfo = ({ ownerId, plan, verdicts, ...row }: Row, owners: Map<string, string>): ExperimentInfo => ({
  ...row,
  owner: ownerId ? (owners.get(ownerId) ?? null) : null,
  plan: readPlan(row.key, plan),
  decision: verdicts[0]?.decision ?? null,
});

/** Of a status, with a tag, started or stopped since an instant (ms). */
type Filter = { status?: ExperimentStatus | undefined; tag?: string | undefined; since?: number | undefined };

function whereOf({ status, tag, since }: Filter) {
  const later = { gte: new Date(since ?? 0) };
  return {
    ...(status ? { status } : {}),
    ...(tag ? { tags: { has: tag } } : {}),
    ...(since === undefined ? {} : { OR: [{ startedAt: later }, { stoppedAt: later }] }),
  };
}

const ownersOf = (db: Connection, rows: Row[]) =>
  userNames(
    db,
    rows.flatMap(({ ownerId }) => (ownerId ? [ownerId] : [])),
  );

/** Experiments, newest first. One that cannot be read is left out: judging, each minute, writes it down as a failure. */
export async function listExperiments(db: Connection, filter: Filter = {}): Promise<ExperimentInfo[]> {
  const rows = await find(db, whereOf(filter));
  const owners = await ownersOf(db, rows);
  return rows.flatMap((row) => {
    try {
      return [toExperimentInfo(row, owners)];
    } catch {
      return [];
    }
  });
}

/** One experiment by its id or key. @throws DomainError not-found, conflict where what is stored cannot be read */
export async function readExperiment(db: Connection, idOrKey: string): Promise<ExperimentInfo> {
  const id = Number(idOrKey);
  const rows = await find(db, Number.isSafeInteger(id) && id > 0 && id < 2 ** 31 ? { id } : { key: idOrKey });
  if (rows[0]) return toExperimentInfo(rows[0], await ownersOf(db, rows));
  throw new DomainError("not-found", `There is no experiment "${idOrKey}": GET /api/v1/experiments lists them`);
}

/** Who did what when, and why; `change` by the field of the plan. */
export type ExperimentChange = {
  id: number;
  at: Date;
  userId: string | null;
  action: ChangeAction;
  reason: string;
  change: Record<string, { from: unknown; to: unknown }>;
};

/** The history of an experiment, newest first, at most 200 entries. */
export async function readHistory(db: Connection, experimentId: number): Promise<ExperimentChange[]> {
  const where = { experimentId };
  const rows = await db.experimentChange.findMany({
    where,
    orderBy: { id: "desc" },
    omit: { experimentId: true },
    take: 200,
  });
  return rows as ExperimentChange[];
}

/** What was concluded when; `notifiedAt` is when the webhook received it, `webhookFailedAt` when that was given up. */
export type ExperimentVerdict = Pick<Judgement, "decision" | "reasons" | "record"> & {
  id: number;
  at: Date;
  notifiedAt: Date | null;
  webhookFailure: string | null;
  webhookFailedAt: Date | null;
};

/** The verdicts of an experiment, newest first, at most 50. */
export async function readVerdicts(db: Connection, experimentId: number): Promise<ExperimentVerdict[]> {
  const where = { experimentId };
  const rows = await db.verdict.findMany({ where, orderBy: { id: "desc" }, omit: { experimentId: true }, take: 50 });
  return rows as unknown as ExperimentVerdict[];
}
