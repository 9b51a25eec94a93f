import { endpoint } from "#lib/contract/endpoint.ts";
import { ANNOTATION_KINDS } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { hostQuery, idParams, instant, unit } from "#lib/contract/shared.ts";

const mover = z.object({
  seriesId: z.number().int(),
  series: z.string(),
  title: z.string(),
  unit,
  rate: z.boolean(),
  before: z.number().describe("Median of the two hours before"),
  after: z.number().describe("The value furthest from that around the beginning"),
  deviations: z.number().describe("How far that is, in its usual deviations"),
  movedAt: instant,
});

const change = z.object({ at: instant, kind: z.enum([...ANNOTATION_KINDS, "settings"]), text: z.string() });

/** Why an alert began, and what ended it. */
export const alertCauses = {
  explain: endpoint({
    method: "get",
    path: "/alerts/{id}/cause",
    tag: "Alerts",
    summary: "What moved first, what was changed before, the same alert's history, and what its end brought",
    permission: "alerts:read",
    params: idParams,
    query: z.object(hostQuery),
    response: z.object({
      incident: z
        .object({
          id: z.number().int(),
          startedAt: instant,
          first: z.string().describe("What changed first"),
          reason: z.string(),
          members: z.number().int(),
        })
        .nullable(),
      movers: z.array(mover).describe("What moved most, what moved first at the head"),
      processes: z
        .object({
          measure: z.enum(["cpu", "memory", "io"]).describe("percent of one core, bytes, or bytes per second"),
          from: instant,
          to: instant,
          rows: z.array(
            z.object({
              name: z.string(),
              container: z.string(),
              unit: z.string(),
              before: z.number().describe("Mean of the half hour before"),
              after: z.number().describe("Mean of the minutes around the beginning"),
            }),
          ),
        })
        .nullable()
        .describe("Processes that came to use more; null where none are kept of that time"),
      changes: z.array(change).describe("Deploys, notes and settings of the hour before"),
      history: z.object({
        alerts: z.number().int().describe("In the 90 days before"),
        medianMs: z.number().nullable(),
        last: z.array(
          z.object({
            id: z.number().int(),
            startedAt: instant,
            endedAt: instant.nullable(),
            said: z.array(z.string()),
          }),
        ),
      }),
      effect: z
        .object({ before: z.number(), after: z.number(), minutes: z.number() })
        .nullable()
        .describe("Means of the series while it fired and as long after its end"),
      levels: z.object({ level: z.number(), resolveLevel: z.number().nullable() }).nullable(),
    }),
  }),
};
