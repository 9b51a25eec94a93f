import * as z from "zod";

// Parts of what tools take, said once.

export const host = z.number().int().positive().describe("Host id from list_hosts");
export const search = z.string().max(200).optional().describe("Part of a name; without it all are listed");
export const limit = z.number().int().min(1).max(100).default(20);

const INSTANT = "ISO 8601 such as 2026-11-24T09:00:00Z, or relative such as now-1h";

/** A span, by default the last so long. */
export const span = (from: string) => ({
  from: z.string().default(from).describe(INSTANT),
  to: z.string().default("now").describe(INSTANT),
});
