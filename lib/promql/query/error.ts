import { DomainError, type ProblemType } from "#lib/errors.ts";

/** Why a query failed, in the words of Prometheus' HTTP API. */
export type QueryErrorType = "bad_data" | "execution" | "timeout" | "canceled";

const PROBLEMS: Record<QueryErrorType, ProblemType> = {
  bad_data: "validation",
  execution: "validation",
  timeout: "too-costly",
  canceled: "cancelled",
};

/** A query that cannot be read or evaluated. Below our own API it is a problem with the field `query`. */
export class QueryError extends DomainError {
  readonly errorType: QueryErrorType;

  constructor(errorType: QueryErrorType, message: string) {
    super(PROBLEMS[errorType], message, { fields: [{ field: "query", message }] });
    this.errorType = errorType;
  }
}

/** Where something stands in a query: offsets of its first character and of the one behind it. */
export type Span = { from: number; to: number };

/** Line and column (both from 1) of an offset. */
function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `${before.length}:${(before.at(-1) ?? "").length + 1}`;
}

/** What is wrong with the text of a query, in the form of Prometheus' own messages: `1:6: parse error: ...`. */
export const parseError = (text: string, { from }: Span, reason: string): QueryError =>
  new QueryError("bad_data", `${lineAndColumn(text, from)}: parse error: ${reason}`);

/** What is wrong with the data or the values that an expression met. */
export const executionError = (reason: string): QueryError => new QueryError("execution", reason);

/** Is this a query's own error, also when a bundler loaded a second copy of this module? */
export const isQueryError = (error: unknown): error is QueryError =>
  error instanceof Error && "errorType" in error && error.name === "DomainError";
