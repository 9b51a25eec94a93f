import { fieldTitle } from "#components/experiments/labels.ts";
import { wireName } from "#lib/contract/wire.ts";

/** What is wrong with a field of a plan: the schema names it as TypeScript does (plan.maxDays), the server as JSON does (plan.max_days). */
export type Problem = { field: string; message: string };

/** The message of a field, whoever found it. */
export const problemAt = (problems: Problem[], field: string): string | undefined =>
  problems.find((problem) => wireName(problem.field) === wireName(field))?.message;

/** The first message of a field or of what lies within it: of a list that is written as text. */
export const problemWithin = (problems: Problem[], field: string): string | undefined =>
  problems.find((problem) => `${wireName(problem.field)}.`.startsWith(`${wireName(field)}.`))?.message;

/** All problems in the words of the form: "Maximum duration: Enter a number". */
export const problemTexts = (problems: Problem[]): string[] =>
  problems.map(({ field, message }) => (field ? `${fieldTitle(wireName(field))}: ${message}` : message));
