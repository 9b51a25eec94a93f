import { databaseFailure } from "#lib/db/failure.ts";
import { isDomainError } from "#lib/errors.ts";
import { log } from "#lib/log.ts";
import { failureBody, type PrometheusFailure, prometheusFailure } from "#lib/promql/http/failure.ts";
import { isQueryError } from "#lib/promql/query/error.ts";

const STATUSES: Record<string, number> = { bad_data: 400, execution: 422, timeout: 503, canceled: 503 };

function failureOf(error: unknown): PrometheusFailure {
  if (isQueryError(error))
    return { errorType: error.errorType, status: STATUSES[error.errorType] ?? 422, message: error.message };
  const domainError = isDomainError(error) ? error : databaseFailure(error);
  if (domainError) return prometheusFailure(domainError);
  log.error({ error: (error as Error).stack ?? String(error) }, "a request of Prometheus' API failed");
  return { errorType: "internal", status: 500, message: "The log of the server has the details" };
}

const headersOf = ({ retryAfterSeconds }: PrometheusFailure): HeadersInit => ({
  "cache-control": "no-store",
  ...(retryAfterSeconds ? { "retry-after": String(retryAfterSeconds) } : {}),
});

/** An error in the form of Prometheus' API. Without a challenge: a browser would ask for a password, and keep it. */
export function prometheusError(error: unknown): Response {
  const failure = failureOf(error);
  return Response.json(failureBody(failure), { status: failure.status, headers: headersOf(failure) });
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
