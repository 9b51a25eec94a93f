import type { FieldPath, UseFormRegister } from "react-hook-form";
import type { Draft } from "#components/experiments/draft.ts";
import { type Problem, problemAt } from "#components/experiments/problems.ts";

/** What an input of a number of the draft needs. */
export const numberField = (register: UseFormRegister<Draft>, problems: Problem[], name: FieldPath<Draft>) => ({
  ...{ type: "number", step: "any", error: problemAt(problems, name) },
  ...register(name, { valueAsNumber: true }),
});
