import type { Connection } from "#lib/db/client.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** When rules' expressions were evaluated, kept so that several evaluators share them. */

/** Whoever began to evaluate and is not heard of for so long (ms) has died. */
const CLAIM_MS = MINUTE_MS;

type Evaluated = { id: number; condition: { everyMs: number } };

/** The instant (ms) that an expression is evaluated at: a multiple of its interval, as in Prometheus. */
export const instantOf = ({ condition: { everyMs } }: Evaluated, now: number): number =>
  Math.floor(now / everyMs) * everyMs;

/**
 * Whether an instant is still to be evaluated after another (ms): a later one, or an earlier one by more than an interval, since the clock was set back.
 * Clocks of two evaluators may differ by less.
 */
const isNext = (instant: number, before: number | undefined, everyMs: number): boolean =>
  before === undefined || instant > before || before - instant > everyMs;

/** Of rules, those that are due at `now` (ms), each with how long (ms) it took before. */
export async function dueRules<R extends Evaluated>(
  db: Connection,
  rules: R[],
  now: number,
): Promise<{ rule: R; elapsedMs: number }[]> {
  const rows = await db.alertEvaluation.findMany({ where: { ruleId: { in: rules.map(({ id }) => id) } } });
  const byRule = new Map(rows.map((row) => [row.ruleId, row]));
  return rules.flatMap((rule) => {
    const row = byRule.get(rule.id);
    const due = isNext(instantOf(rule, now), row?.at?.getTime(), rule.condition.everyMs);
    return due ? [{ rule, elapsedMs: row?.elapsedMs ?? 0 }] : [];
  });
}

/** Takes a rule's instant for this evaluator alone; answers when the rule was judged before (ms, else null), or undefined where another has it or it is done. */
export async function claimEvaluation(
  db: Connection,
  rule: Evaluated,
  now: number,
): Promise<{ judgedAt: number | null } | undefined> {
  const { id, condition } = rule;
  const [instant, at] = [new Date(instantOf(rule, now)), new Date(now)];
  const [until, after] = [new Date(now + CLAIM_MS), new Date(instant.getTime() + condition.everyMs)];
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    INSERT INTO alert_evaluation AS e (rule_id, claimed_until) SELECT id, ${until} FROM alert_rule WHERE id = ${id}
    ON CONFLICT (rule_id) DO UPDATE SET claimed_until = excluded.claimed_until
    WHERE (e.claimed_until IS NULL OR e.claimed_until <= ${at} OR e.claimed_until > ${until})
      AND (e.at IS NULL OR e.at < ${instant} OR e.at > ${after})
    RETURNING e.at`;
  return row && { judgedAt: row.at?.getTime() ?? null };
}

/** Writes down that a rule was evaluated at an instant (ms), and how long it took. */
export async function settleEvaluation(
  db: Connection,
  ruleId: number,
  { instant, elapsedMs }: { instant: number; elapsedMs: number },
): Promise<void> {
  const data = { at: new Date(instant), claimedUntil: null, elapsedMs: Math.round(elapsedMs) };
  await db.alertEvaluation.updateMany({ where: { ruleId }, data });
}

/** Lets go of a rule that could not be judged. */
export async function releaseEvaluation(db: Connection, ruleId: number): Promise<void> {
  await db.alertEvaluation.updateMany({ where: { ruleId }, data: { claimedUntil: null } });
}
