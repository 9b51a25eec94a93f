import { BOOLEAN_TEXT, DURATION_TEXT, durationMs, durationProblem } from "#lib/contract/param-texts.ts";
import * as z from "#lib/contract/schema.ts";

/** A duration in a query. */
export const durationParam = z.codec(
  z.string().refine((text) => durationMs(text) !== undefined, { error: ({ input }) => durationProblem(input) }),
  z.number(),
  DURATION_TEXT,
);

/** A switch in a query. */
export const booleanParam = z.codec(z.enum(["true", "false"]), z.boolean(), BOOLEAN_TEXT);
