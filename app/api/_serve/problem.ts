import type { z } from "zod";
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

/** Prisma's codes and the driver's for a server that is away, full or too slow. */
function isDatabaseAway(error: unknown): boolean {
  const { code, name, message } = error as { code?: string; name?: string; message?: string };
  if (code && /^(P1\d\d\d|P2024|P2028|ECONN\w+|57P0\d|53300)$/.test(code)) return true;
  return (
    name === "PrismaClientInitializationError" ||
    /ECONNREFUSED|Connection terminated|timeout exceeded when trying/i.test(message ?? "")
  );
}

/** The one place where an error becomes an answer. What is unexpected goes to the log and not to the reader. */
export function problemResponse(error: unknown): Response {
  let domainError: DomainError;
  if (isDomainError(error)) domainError = error;
  else if (isDatabaseAway(error))
    domainError = new DomainError("unavailable", "The database does not answer: try again in a moment", {
      retryAfterSeconds: 5,
    });
  else {
    log.error({ error: (error as Error).stack ?? String(error) }, "a request failed");
    domainError = new DomainError("internal", "The log of the server has the details");
  }
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (domainError.retryAfterSeconds) headers.set("retry-after", String(domainError.retryAfterSeconds));
  return Response.json(toProblem(domainError), { status: domainError.status, headers });
}
