import { databaseFailure } from "#lib/db/failure.ts";
import { DomainError, isDomainError } from "#lib/errors.ts";
import { log } from "#lib/log.ts";
import { encodeStatus, encodingOf, MEDIA_TYPES, otlpStatus } from "#lib/otlp/wire/answers.ts";

function failureOf(error: unknown): DomainError {
  const failure = isDomainError(error) ? error : databaseFailure(error);
  if (failure) return failure;
  log.error({ error: (error as Error).stack ?? String(error) }, "a request of OTLP failed");
  return new DomainError("internal", "The log of the server has the details");
}

/** An error as google.rpc.Status, in the encoding of the request; in JSON where that is none of the two. */
export function otlpError(request: Request, error: unknown): Response {
  const failure = failureOf(error);
  const encoding = encodingOf(request.headers.get("content-type") ?? "") ?? "json";
  const headers = new Headers({ "content-type": MEDIA_TYPES[encoding], "cache-control": "no-store" });
  if (failure.retryAfterSeconds) headers.set("retry-after", String(failure.retryAfterSeconds));
  return new Response(new Uint8Array(encodeStatus(failure, encoding)), {
    status: otlpStatus(failure),
    headers,
  });
}
