import { assertExpression } from "#lib/checks/checks.ts";
import { runCheck } from "#lib/collect/checks/run-check.ts";
import type { CheckDefinition, CheckResult } from "#lib/contract/checks.ts";
import type { Trust } from "#lib/notify/outgoing.ts";

/** Runs a check once from the portal, before it is saved. @throws DomainError validation for a body expression that is none */
export async function tryCheck(check: Omit<CheckDefinition, "id">, trust: Trust): Promise<CheckResult> {
  await assertExpression(check.options.body);
  return runCheck({ ...check, id: 0 }, trust);
}
