import { z } from "zod";
import { SEVERITIES } from "#lib/contract/enums.ts";

export { hostQuery, spanQuery } from "#lib/time/range-params.ts";

export const instant = z.iso.datetime().describe("UTC, ISO 8601");

export const labels = z.record(z.string(), z.string());

export const unit = z
  .string()
  .describe("percent, bytes, count, seconds, ms, celsius, load, or as its source writes it (UCUM)");

export const kind = z
  .enum(["gauge", "counter", "histogram"])
  .describe("Points of all but a gauge are rates per second");

export const hostRef = z.object({ id: z.number().int(), name: z.string() });

export const point = z.tuple([
  z.number().describe("ms since the epoch"),
  z.number().nullable().describe("null marks a gap"),
]);

/** RFC 9457. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

export const severity = z.enum(SEVERITIES);

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(100),
  offset: z.coerce.number().int().min(0).default(0),
};

export const idParams = z.object({ id: z.coerce.number().int().positive() });

export const note = z.string().max(2_000);
