/** What went wrong, in the shape of RFC 9457 problem details. `type` is stable and becomes a URI reference. */
export type ProblemType =
  | "validation"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "rate-limited"
  | "upgrade-required"
  | "locked"
  | "too-costly"
  | "too-large"
  | "unsupported-media-type"
  | "cancelled"
  | "unavailable"
  | "internal";

const STATUS: Record<ProblemType, { status: number; title: string }> = {
  validation: { status: 400, title: "The request is not valid" },
  unauthenticated: { status: 401, title: "Sign in first" },
  forbidden: { status: 403, title: "This is not allowed" },
  "not-found": { status: 404, title: "Not found" },
  conflict: { status: 409, title: "Conflict with the current state" },
  locked: { status: 423, title: "Locked for now" },
  "too-large": { status: 413, title: "The request is too large" },
  "unsupported-media-type": { status: 415, title: "The type of the body is not understood" },
  "too-costly": { status: 422, title: "The request asks for too much" },
  "upgrade-required": { status: 426, title: "Agent and portal do not understand each other" },
  "rate-limited": { status: 429, title: "Too many requests" },
  cancelled: { status: 499, title: "Nobody waits for the answer any more" },
  internal: { status: 500, title: "Internal error" },
  unavailable: { status: 503, title: "Temporarily unavailable" },
};

/** One wrong field of the input and what to do about it. */
export type FieldProblem = { field: string; message: string };

/** The one error that domain code throws for a reason the reader can act on. */
export class DomainError extends Error {
  readonly type: ProblemType;
  readonly fields: FieldProblem[];
  readonly retryAfterSeconds: number | undefined;

  constructor(type: ProblemType, detail: string, more: { fields?: FieldProblem[]; retryAfterSeconds?: number } = {}) {
    super(detail);
    this.name = "DomainError";
    this.type = type;
    this.fields = more.fields ?? [];
    this.retryAfterSeconds = more.retryAfterSeconds;
  }

  get status(): number {
    return STATUS[this.type].status;
  }

  get title(): string {
    return STATUS[this.type].title;
  }
}

/** RFC 9457 body of an error; the details of an unexpected one stay in the log. */
export type Problem = { type: string; title: string; status: number; detail: string; errors?: FieldProblem[] };

/** An error as problem details (RFC 9457). */
export function toProblem(error: DomainError): Problem {
  return {
    type: `/problems/${error.type}`,
    title: error.title,
    status: error.status,
    detail: error.message,
    ...(error.fields.length > 0 ? { errors: error.fields } : {}),
  };
}

/** Is this the same domain error, also when a bundler loaded a second copy of this module? */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError || (error instanceof Error && error.name === "DomainError");
}

/** What is wrong with one field of the input, and what to do about it. */
export const invalidField = (field: string, message: string): DomainError =>
  new DomainError("validation", message, { fields: [{ field, message }] });
