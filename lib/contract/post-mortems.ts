import { endpoint } from "#lib/contract/endpoint.ts";
import { POST_MORTEM_FORMATS } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { hostQuery, idParams, instant, visibleText } from "#lib/contract/shared.ts";

const part = (what: string) => z.string().trim().max(20_000).describe(`${what}; Markdown, instants in it are ISO 8601`);

const text = {
  title: visibleText(300),
  summary: part("What happened"),
  impact: part("Who felt it, and how"),
  timeline: part("What happened when"),
  cause: part("Why it happened"),
  remedy: part("What helped: shown beside similar incidents"),
  followUps: part("What is to be done, so that it does not come again"),
};

const head = {
  hostId: z.number().int(),
  host: z.string(),
  incidentId: z.number().int(),
  startedAt: instant,
  endedAt: instant.nullable(),
  version: z.number().int().describe("Counts up each time it is saved; 0 of a draft that nobody has saved"),
  updatedAt: instant.nullable(),
  updatedBy: z.string().nullable().describe("null also of an account that is gone"),
};

const postMortem = z.object({ ...head, ...text, title: z.string() });

/** An int4 counts so far, and one more. */
const MOST_VERSIONS = 2_147_483_646;

const path = "/incidents/{id}/post-mortem";
const which = { params: idParams, query: z.object(hostQuery) };

export const postMortems = {
  list: endpoint({
    method: "get",
    path: "/post-mortems",
    tag: "Anomalies",
    summary: "Post-mortems, the newest incident's first, at most 200",
    permission: "anomalies:read",
    query: z.object(hostQuery),
    response: z.array(z.object({ ...head, title: z.string() })),
  }),
  read: endpoint({
    method: "get",
    path,
    tag: "Anomalies",
    summary: "The post-mortem of an incident; where nobody has saved any, a draft made of what is known",
    permission: "anomalies:read",
    ...which,
    response: postMortem,
  }),
  save: endpoint({
    method: "put",
    path,
    tag: "Anomalies",
    summary: "Saves the post-mortem of an incident, which then outlasts the retention of anomalies",
    permission: "anomalies:decide",
    ...which,
    body: z.object({
      ...text,
      version: z
        .number()
        .int()
        .min(0)
        .max(MOST_VERSIONS)
        .describe("The one that was read: 409 where somebody has saved another meanwhile"),
    }),
    response: postMortem,
  }),
  remove: endpoint({
    method: "delete",
    path,
    tag: "Anomalies",
    summary: "Removes the post-mortem of an incident",
    permission: "anomalies:decide",
    ...which,
  }),
  file: endpoint({
    method: "get",
    path: "/incidents/{id}/post-mortem/file",
    tag: "Anomalies",
    summary: "The post-mortem of an incident as a file; PDF needs Chromium on the portal's machine",
    permission: "metrics:export",
    params: idParams,
    query: z.object({ ...hostQuery, format: z.enum(POST_MORTEM_FORMATS).default("markdown") }),
    response: z.any().describe("The file"),
  }),
};
