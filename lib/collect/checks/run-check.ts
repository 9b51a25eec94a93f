import { checkHttp } from "#lib/collect/checks/http.ts";
import { checkDns, checkPing, checkTcp } from "#lib/collect/checks/network.ts";
import { failed, succeeded } from "#lib/collect/checks/outcome.ts";
import type { CheckDefinition, CheckResult } from "#lib/contract/checks.ts";
import type { CheckKind } from "#lib/contract/enums.ts";
import type { Trust } from "#lib/notify/outgoing.ts";
import { LATE, within } from "#lib/time/within.ts";

type Probe = (
  definition: CheckDefinition,
  trust: Trust,
  signal: AbortSignal,
) => Promise<Partial<CheckResult> & { detail: string }>;

const PROBES: Record<CheckKind, Probe> = { http: checkHttp, tcp: checkTcp, dns: checkDns, ping: checkPing };

const tenth = (ms: number) => Math.round(ms * 10) / 10;

/** Runs a check once, within its time limit. Never throws: whatever goes wrong is what came of it. */
export async function runCheck(definition: CheckDefinition, trust: Trust): Promise<CheckResult> {
  const begun = performance.now();
  const limit = new AbortController();
  try {
    const probe = PROBES[definition.kind](definition, trust, limit.signal);
    const found = await within(probe, definition.timeoutMs);
    if (found === LATE)
      throw Object.assign(new Error(`No answer within ${definition.timeoutMs} ms`), { name: "TimeoutError" });
    const { detail, durationMs, ...more } = found;
    return succeeded(detail, durationMs ?? tenth(performance.now() - begun), more);
  } catch (error) {
    return failed(error, tenth(performance.now() - begun));
  } finally {
    limit.abort();
  }
}
