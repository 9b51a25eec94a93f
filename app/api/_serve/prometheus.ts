import { databaseFailure } from "#lib/db/failure.ts";
import { isDomainError, type ProblemType } from "#lib/errors.ts";
import { log } from "#lib/log.ts";
import { isQueryError } from "#lib/promql/query/error.ts";

/** Kinds of errors and their status by Prometheus' API; what it has no kind for keeps our own. */
const KINDS: Partial<Record<ProblemType, { errorType: string; status: number }>> = {
  validation: { errorType: "bad_data", status: 400 },
  "too-costly": { errorType: "execution", status: 422 },
  cancelled: { errorType: "canceled", status: 503 },
};

const STATUSES: Record<string, number> = { bad_data: 400, execution: 422, timeout: 503, canceled: 503 };

type Failure = { errorType: string; status: number; message: string; retryAfterSeconds?: number | undefined };

function failureOf(error: unknown): Failure {
  if (isQueryError(error))
    return { errorType: error.errorType, status: STATUSES[error.errorType] ?? 422, message: error.message };
  const domainError = isDomainError(error) ? error : databaseFailure(error);
  if (domainError) {
    const { type, status, message, retryAfterSeconds } = domainError;
    const kind = KINDS[type] ?? { errorType: type.replaceAll("-", "_"), status };
    return { ...kind, message, retryAfterSeconds };
  }
  log.error({ error: (error as Error).stack ?? String(error) }, "a request of Prometheus' API failed");
  return { errorType: "internal", status: 500, message: "The log of the server has the details" };
}

const headersOf = ({ retryAfterSeconds }: Failure): HeadersInit => ({
  "cache-control": "no-store",
  ...(retryAfterSeconds ? { "retry-after": String(retryAfterSeconds) } : {}),
});

/** An error in the form of Prometheus' API. Without a challenge: a browser would ask for a password, and keep it. */
export function prometheusError(error: unknown): Response {
  const failure = failureOf(error);
  const { errorType, status, message } = failure;
  return Response.json({ status: "error", errorType, error: message }, { status, headers: headersOf(failure) });
}

/** An error as plain text: what senders write into their logs. */
export function plainError(error: unknown): Response {
  const failure = failureOf(error);
  const headers = { ...headersOf(failure), "content-type": "text/plain; charset=utf-8" };
  return new Response(failure.message, { status: failure.status, headers });
}

const FORM = "application/x-www-form-urlencoded";

/** The parameters of a request, in its URL and, where it is sent as a form, in its body. */
export async function formParameters(request: Request): Promise<URLSearchParams> {
  const { searchParams } = new URL(request.url);
  if (request.method !== "POST" || !request.headers.get("content-type")?.startsWith(FORM)) return searchParams;
  return new URLSearchParams([...new URLSearchParams(await request.text()), ...searchParams]);
}
