import { findOnHost, type HostResult, type JudgedRule, type PlacedElement } from "#lib/alerts/expression-findings.ts";
import { asksWhatIsMissing, compileRule, isExpressionRule } from "#lib/alerts/expressions/compile.ts";
import { hostsWithInstances, removeForgottenElements } from "#lib/alerts/expressions/element-rows.ts";
import {
  claimEvaluation,
  dueRules,
  instantOf,
  releaseEvaluation,
  settleEvaluation,
} from "#lib/alerts/expressions/evaluations.ts";
import { type Placing, readPlacing } from "#lib/alerts/expressions/places.ts";
import { runExpression } from "#lib/alerts/expressions/run.ts";
import { judgeHost } from "#lib/alerts/judge-host.ts";
import { noteProblems, rulesToJudge } from "#lib/alerts/rules.ts";
import type { Transition } from "#lib/alerts/store-alerts.ts";
import type { AlertFallback } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { databaseFailure } from "#lib/db/failure.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { runParts, type TaskPart } from "#lib/jobs/failures.ts";
import { reasonOf } from "#lib/log.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** How long an expression of a rule may take (ms): it is asked again and again. */
const RULE_LIMIT_MS = 10 * SECOND_MS;

/** A rule that takes longer than this (ms) waits in a line of its own, so that it delays no other. */
const SLOW_MS = SECOND_MS;

/** So long (ms) after a pause of the portal nothing counts as missing: what was spooled meanwhile is on its way. */
const RESUME_MS = MINUTE_MS;

type Scope = {
  db: Database;
  now: number;
  resumedAt: number;
  signal: AbortSignal | undefined;
  placing: Placing;
  /** What changes. */
  transitions: Transition[];
};

/** What an evaluation came to: on the portal's own host, on all others of which something is known, and what is to be said of the rule. */
type Result =
  | { kind: "elements"; byHost: Map<number, PlacedElement[]>; problem: string | null }
  | { kind: "no_data"; problem: string }
  | { kind: "error"; message: string; problem: string; error: unknown };

const NO_SAMPLES = "No series that the expression reads has samples";

async function evaluate({ db, signal, placing }: Scope, rule: JudgedRule, instant: number): Promise<Result> {
  try {
    // By the rights of whoever wrote the rule, once accounts have scopes.
    const reader = new StoreReader(db, await readableHosts(db), { signal, timeMs: RULE_LIMIT_MS });
    const { elements, read } = await runExpression(reader, compileRule(rule), instant, {
      ...{ signal, timeMs: RULE_LIMIT_MS },
    });
    if (elements.length === 0 && !read) return { kind: "no_data", problem: NO_SAMPLES };
    const placed = elements.flatMap((element) => {
      const location = placing.placeOf(element.labels);
      return location ? [{ location, element }] : [];
    });
    return { kind: "elements", byHost: Map.groupBy(placed, ({ location }) => location.hostId), problem: null };
  } catch (error) {
    if (databaseFailure(error) || signal?.aborted) throw error;
    const message = reasonOf(error);
    return { kind: "error", message, problem: message, error };
  }
}

/** Whether what a rule's own state is without an element is shown. */
const isShown = (fallback: AlertFallback): boolean => fallback === "state" || fallback === "firing";

function resultOn(hostId: number, rule: JudgedRule, result: Result, { ownHostId }: Placing): HostResult {
  if (result.kind === "elements") return { kind: "elements", elements: result.byHost.get(hostId) ?? [] };
  const fallback = result.kind === "error" ? rule.onError : rule.noData;
  const ofRule = hostId === ownHostId && isShown(fallback);
  return result.kind === "error" ? { kind: "error", message: result.message, ofRule } : { kind: "no_data", ofRule };
}

/** Judges a rule on each host that it found something on or that something is known of. */
async function judgeEverywhere(
  { db, now, placing, transitions }: Scope,
  { rule, result, instant, seenAt }: { rule: JudgedRule; result: Result; instant: number; seenAt: number },
): Promise<void> {
  const found = result.kind === "elements" ? [...result.byHost.keys()] : [placing.ownHostId];
  const hostIds = new Set([...found, ...(await hostsWithInstances(db, rule.id))]);
  for (const hostId of hostIds) {
    const judging = { hostId, now, judges: (id: number) => id === rule.id, expression: { instant, seenAt } };
    const onHost = { hostId, rule, result: resultOn(hostId, rule, result, placing) };
    transitions.push(...(await judgeHost(db, judging, (tx, stored) => findOnHost(tx, onHost, stored))));
  }
}

/** Evaluates a rule at its instant, unless another evaluator does. @throws what failed, once it was judged by what the rule says of errors */
async function evaluateRule(scope: Scope, rule: JudgedRule): Promise<void> {
  const { db, now, resumedAt } = scope;
  if (now - resumedAt < RESUME_MS && asksWhatIsMissing(compileRule(rule).expression)) return;
  const claimed = await claimEvaluation(db, rule, now);
  if (!claimed) return;
  const [instant, began] = [instantOf(rule, now), performance.now()];
  try {
    const result = await evaluate(scope, rule, instant);
    const seenAt = claimed.judgedAt ?? instant;
    await judgeEverywhere(scope, { rule, result, instant, seenAt });
    await settleEvaluation(db, rule.id, { instant, elapsedMs: performance.now() - began });
    await noteProblems(db, [rule], new Map(result.problem === null ? [] : [[rule.id, result.problem]]));
    if (result.kind === "error") throw result.error;
  } catch (error) {
    await releaseEvaluation(db, rule.id);
    throw error;
  }
}

const ruleTitle = ({ id, name }: JudgedRule): string => `${name} (rule ${id})`;

/**
 * Evaluates the expressions of the rules that are due at `now` (ms), each once for all hosts, and judges what they give. One that fails is tried
 * again with back-off, and stops no other; the slow ones wait in a line of their own. After a pause that ended at `resumedAt` (ms) nothing counts as
 * missing for a minute.
 */
export async function evaluateExpressions(
  db: Database,
  now: number,
  { signal, resumedAt = 0 }: { signal?: AbortSignal; resumedAt?: number } = {},
): Promise<{ rules: number; transitions: Transition[] }> {
  const rules = (await rulesToJudge(db)).filter(({ enabled }) => enabled).filter(isExpressionRule);
  const due = rules.length > 0 ? await dueRules(db, rules, now) : [];
  if (due.length === 0) return { rules: 0, transitions: [] };
  const transitions: Transition[] = [];
  const scope: Scope = { db, now, resumedAt, signal, placing: await readPlacing(db, now), transitions };
  const parts = (isSlow: boolean): TaskPart[] =>
    due
      .filter(({ elapsedMs }) => elapsedMs >= SLOW_MS === isSlow)
      .map(({ rule }) => ({
        subject: ruleTitle(rule),
        run: () => evaluateRule(scope, rule),
      }));
  await Promise.all([false, true].map((isSlow) => runParts(db, "expressions", parts(isSlow), { now, signal })));
  return { rules: due.length, transitions };
}

/** Removes the elements that neither an alert nor anything else is known of; answers how many. */
export async function removeOldElements(db: Database): Promise<number> {
  const hosts = await db.alertElement.groupBy({ by: ["hostId"] });
  let removed = 0;
  for (const { hostId } of hosts) removed += await db.$transaction((tx) => removeForgottenElements(tx, hostId));
  return removed;
}
