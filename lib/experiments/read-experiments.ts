import { userNames } from "#lib/access/users.ts";
import type { VerdictDecision } from "#lib/contract/enums.ts";
import {
  type ChangeAction,
  type ExperimentKind,
  type ExperimentStatus,
  type MetricPlan,
  type Plan,
  planSchema,
  type VariantPlan,
} from "#lib/contract/experiment-plans.ts";
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

function readPlan(stored: unknown): Plan {
  const plan = planSchema.parse(stored);
  return { ...plan, webhook: shownWebhook(plan.webhook) };
}

const toExperimentInfo = ({ ownerId, plan, verdicts, ...row }: Row, owners: Map<string, string>): ExperimentInfo => ({
  ...row,
  owner: ownerId ? (owners.get(ownerId) ?? null) : null,
  plan: readPlan(plan),
  decision: verdicts[0]?.decision ?? null,
});

async function read(db: Connection, where: object): Promise<ExperimentInfo[]> {
  const rows = await find(db, where);
  const ids = rows.flatMap(({ ownerId }) => (ownerId ? [ownerId] : []));
  const owners = await userNames(db, ids);
  return rows.map((row) => toExperimentInfo(row, owners));
}

/** Experiments, newest first. */
export const listExperiments = (
  db: Connection,
  { status, tag }: { status?: ExperimentStatus | undefined; tag?: string | undefined } = {},
): Promise<ExperimentInfo[]> => read(db, { ...(status ? { status } : {}), ...(tag ? { tags: { has: tag } } : {}) });

/** One experiment by its id or key. @throws DomainError not-found */
export async function readExperiment(db: Connection, idOrKey: string): Promise<ExperimentInfo> {
  const id = Number(idOrKey);
  const [experiment] = await read(db, Number.isSafeInteger(id) && id > 0 && id < 2 ** 31 ? { id } : { key: idOrKey });
  if (experiment) return experiment;
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
