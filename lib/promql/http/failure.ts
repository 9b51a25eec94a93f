import type { DomainError, ProblemType } from "#lib/errors.ts";

/** Kinds of errors and their status by Prometheus' API; what it has no kind for keeps our own. */
const KINDS: Partial<Record<ProblemType, { errorType: string; status: number }>> = {
  validation: { errorType: "bad_data", status: 400 },
  "too-costly": { errorType: "execution", status: 422 },
  cancelled: { errorType: "canceled", status: 503 },
};

/** An error as Prometheus' API names it. */
export type PrometheusFailure = {
  errorType: string;
  status: number;
  message: string;
  retryAfterSeconds?: number | undefined;
};

/** An error of the portal's as one of Prometheus' API. */
export function prometheusFailure({ type, status, message, retryAfterSeconds }: DomainError): PrometheusFailure {
  const kind = KINDS[type] ?? { errorType: type.replaceAll("-", "_"), status };
  return { ...kind, message, retryAfterSeconds };
}

/** The body that says so. */
export const failureBody = ({ errorType, message }: PrometheusFailure) => ({
  status: "error",
  errorType,
  error: message,
});
