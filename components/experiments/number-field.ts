import type { FieldPath, UseFormRegister } from "react-hook-form";
import type { Draft } from "#components/experiments/draft.ts";

/** What an input of a number of the draft needs. */
export const numberField = (
  register: UseFormRegister<Draft>,
  problemOf: (field: string) => string | undefined,
  name: FieldPath<Draft>,
) => ({
  ...{ type: "number", step: "any", error: problemOf(name) },
  ...register(name, { valueAsNumber: true }),
});
