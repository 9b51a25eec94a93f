import { z } from "zod";

export const hostQuery = {
  host: z.coerce.number().int().positive().optional().describe("Id of the host; the first one where none is named"),
};

export const instant = z.iso.datetime().describe("UTC, ISO 8601");

export const labels = z.record(z.string(), z.string());

export const unit = z.enum(["percent", "bytes", "count", "seconds", "ms", "celsius", "load"]);

export const kind = z.enum(["gauge", "counter"]).describe("A counter's points are rates per second");

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
