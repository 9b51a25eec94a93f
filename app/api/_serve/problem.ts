import type { z } from "zod";
import { databaseFailure } from "#lib/db/failure.ts";
import { DomainError, type FieldProblem, isDomainError, toProblem } from "#lib/errors.ts";
import { log } from "#lib/log.ts";

function fieldsOf(issue: z.core.$ZodIssue): FieldProblem[] {
  const path = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return [{ field: path || "body", message: issue.message }];
  return issue.keys.map((key) => ({
    field: [path, key].filter(Boolean).join("."),
    message: "There is no such field: GET /api/v1/openapi.json describes all",
  }));
}

/** What zod found, by field. */
export const problemsOf = (error: z.ZodError): FieldProblem[] => error.issues.flatMap(fieldsOf);

/** An error that names the fields that are wrong. */
export function invalid(problems: FieldProblem[], rename: (field: string) => string): DomainError {
  const fields = problems.map(({ field, message }) => ({ field: rename(field), message }));
  return new DomainError("validation", fields.map(({ field, message }) => `${field}: ${message}`).join("; "), {
    fields,
  });
}

/** Whoever asked went away before the whole request had come, or was cut off. */
function cancelled(error: unknown): DomainError | undefined {
  const { code, name } = error as { code?: string; name?: string };
  if (code !== "ERR_STREAM_PREMATURE_CLOSE" && name !== "AbortError" && name !== "ResponseAborted") return undefined;
  return new DomainError("cancelled", "The request ended before all of it had come");
}

function unexpected(error: unknown): DomainError {
  log.error({ error: (error as Error).stack ?? String(error) }, "a request failed");
  return new DomainError("internal", "The log of the server has the details");
}

/** The one place where an error becomes an answer. What is unexpected goes to the log and not to the reader. */
export function problemResponse(error: unknown): Response {
  const domainError = isDomainError(error) ? error : (databaseFailure(error) ?? cancelled(error) ?? unexpected(error));
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (domainError.retryAfterSeconds) headers.set("retry-after", String(domainError.retryAfterSeconds));
  return Response.json(toProblem(domainError), { status: domainError.status, headers });
}
