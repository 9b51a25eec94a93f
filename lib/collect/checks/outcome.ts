import type { CheckFailure, CheckResult } from "#lib/contract/checks.ts";
import { isDomainError } from "#lib/errors.ts";
import { reasonOf } from "#lib/log.ts";

/** A check that failed for a reason of its own. */
export class CheckError extends Error {
  readonly reason: CheckFailure;
  /** What was found out before it failed. */
  readonly found: Partial<CheckResult>;

  constructor(reason: CheckFailure, detail: string, found: Partial<CheckResult> = {}) {
    super(detail);
    this.reason = reason;
    this.found = found;
  }
}

const NAME_CODES = ["ENOTFOUND", "EAI_AGAIN", "ENODATA", "ESERVFAIL", "EREFUSED"];
const TIMEOUT_CODES = ["ETIMEDOUT", "ETIMEOUT", "ABORT_ERR"];
const isCertificate = (code: string): boolean =>
  /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL)|_CERT/.test(code);

/** The kind of a failure, by what the system says. */
function failureOf(error: unknown): CheckFailure {
  if (error instanceof CheckError) return error.reason;
  if (isDomainError(error)) return "forbidden";
  const { code = "", name = "" } = (error ?? {}) as NodeJS.ErrnoException;
  if (NAME_CODES.includes(code)) return "name";
  if (TIMEOUT_CODES.includes(code) || name === "TimeoutError" || name === "AbortError") return "timeout";
  return isCertificate(code) ? "certificate" : "connection";
}

const NOTHING = { phases: {}, status: null, certificateSeconds: null };

/** What came of a check that failed after some ms. */
export function failed(error: unknown, durationMs: number): CheckResult {
  const found = error instanceof CheckError ? error.found : {};
  return { ...NOTHING, ...found, up: false, reason: failureOf(error), detail: reasonOf(error), durationMs };
}

/** What came of a check that succeeded. */
export const succeeded = (detail: string, durationMs: number, found: Partial<CheckResult> = {}): CheckResult => ({
  ...{ ...NOTHING, up: true, reason: null, detail, durationMs },
  ...found,
});
