import { z } from "zod";

/** The host of a query. */
export const hostQuery = {
  host: z.coerce.number().int().positive().optional().describe("Id of the host; the first one where none is named"),
};

/** [from, to) as a query names it. */
export const spanQuery = (from: string) => ({
  from: z.string().default(from).describe(`ISO 8601, ms since the epoch, or ${from}`),
  to: z.string().default("now"),
});
