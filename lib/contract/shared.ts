import { AGGREGATES, COMBINES, MAX_SERIES, METRIC_KINDS, SEVERITIES } from "#lib/contract/enums.ts";
import { INSTANT_RANGE, MAX_INSTANT_MS } from "#lib/contract/param-texts.ts";
import { ROLES } from "#lib/contract/roles.ts";
import * as z from "#lib/contract/schema.ts";

/** An id is a positive int4: what is greater is refused here, and not by the database. */
const MAX_ID = 2_147_483_647;
export const entityId = z.number().int().positive().max(MAX_ID);
export const entityIdParam = z.coerce.number().int().positive().max(MAX_ID);

/** A time of the day as a clock shows it. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Write a time as 09:00");

/** A missing host means all of them; an endpoint that answers for one takes the only one there is, and refuses to choose among several. */
export const hostQuery = {
  host: entityIdParam
    .optional()
    .describe("Id of the host. Default: all hosts; if the answer is of one host, the only host, else required"),
};

/** A time zone, which whoever reads it checks. */
export const zoneName = z.string().min(1).max(60).describe("IANA time zone, such as Europe/Berlin");

/** An expression, which whoever evaluates it parses. */
export const promqlExpression = z.string().trim().min(1, "Enter an expression").max(30_000).describe("PromQL");

/** [from, to) as a query names it. */
export const spanQuery = (from: string) => ({
  from: z.string().default(from).describe(`ISO 8601, ms since the epoch, or ${from}`),
  to: z.string().default("now"),
});

/** Which series a query reads, and how they are aggregated and joined. */
export const seriesQuery = {
  series: z
    .array(z.string().min(1).max(300))
    .min(1)
    .max(MAX_SERIES)
    .describe('Ids, metrics, or metrics with labels: disk.usage{mount="/"}'),
  aggregate: z.enum(AGGREGATES).optional().describe("Of each step; default: avg for a gauge, rate for a counter"),
  by: z.string().max(100).optional().describe("Joins series with the same value of this label, step by step"),
  combine: z.enum(COMBINES).optional().describe("How `by` joins them; default: sum"),
  top: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_SERIES)
    .optional()
    .describe("At most this many series, those with the highest means"),
  zone: zoneName.optional().describe("IANA time zone that steps are aligned to"),
};

/** A Date in TypeScript, ISO 8601 on the wire. */
export const instant = z
  .date({ error: "Write an instant as ISO 8601: 2026-11-24T09:00:00Z" })
  .min(new Date(0), { error: INSTANT_RANGE })
  .max(new Date(MAX_INSTANT_MS), { error: INSTANT_RANGE })
  .describe("UTC, ISO 8601");

export const labels = z.record(z.string(), z.string());

export const unit = z
  .string()
  .describe("percent, bytes, count, seconds, ms, celsius, load, or as its source writes it (UCUM)");

export const kind = z.enum(METRIC_KINDS).describe("Points of all but a gauge are rates per second");

/** Format characters that turn or hide text, by which one name can look like another. */
const HIDDEN = /[\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/g;

/** Anything that a reader would see: no spaces, and nothing that is drawn as nothing. */
const VISIBLE = /[^\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** What a person writes for others: something of it is seen. */
export const visibleText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((text) => VISIBLE.test(text), { message: "Write something that can be seen" });

/** What a host is called, without characters that nobody sees. */
export const hostName = () =>
  z
    .string()
    .overwrite((name) => name.replaceAll(HIDDEN, "").trim())
    .min(1)
    .max(253);

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

export const idParams = z.object({ id: entityIdParam });

export const note = z.string().max(2_000);

export const roleSchema = z.enum(ROLES);
