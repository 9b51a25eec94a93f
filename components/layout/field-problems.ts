import type { FieldPath, FieldValues, UseFormSetError } from "react-hook-form";
import { ApiError } from "#components/layout/api.ts";

/** Puts what the server refused beside its fields; answers the message when it is about none of them. */
export function showProblem<T extends FieldValues>(
  error: unknown,
  fields: readonly FieldPath<T>[],
  setError: UseFormSetError<T>,
): string | undefined {
  const refused = error instanceof ApiError ? error : undefined;
  const named = fields.filter((name) => refused?.field(name));
  for (const name of named) setError(name, { message: refused?.field(name) ?? "" });
  return named.length > 0 ? undefined : (error as Error).message;
}

/** What the server refused of a field by its name; nothing of an error that is about none. */
export const problemsOf =
  (error: unknown) =>
  (field: string): string | undefined =>
    error instanceof ApiError ? error.field(field) : undefined;
