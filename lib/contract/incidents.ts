import { anomaly, statusUpdate } from "#lib/contract/anomalies.ts";
import { endpoint } from "#lib/contract/endpoint.ts";
import { ANOMALY_STATUSES, CAUSE_KINDS, CERTAINTIES, TIMELINE_KINDS } from "#lib/contract/enums.ts";
import { evidence } from "#lib/contract/insights.ts";
import { booleanParam } from "#lib/contract/params.ts";
import * as z from "#lib/contract/schema.ts";
import {
  entityIdParam,
  hostQuery,
  idParams,
  instant,
  pageQuery,
  severity,
  spanQuery,
  unit,
  visibleText,
} from "#lib/contract/shared.ts";

const incident = z.object({
  hostId: z.number().int(),
  host: z.string(),
  id: z.number().int(),
  title: z.string().describe("What is the matter, in words"),
  startedAt: instant,
  lastAt: instant,
  endedAt: instant.nullable(),
  severity,
  status: z.enum(ANOMALY_STATUSES).describe("The most open of its anomalies'"),
  reviewed: z.boolean().describe("Whether somebody has decided on each of its anomalies"),
  assignedTo: z.string().nullable().describe("Who works on it"),
  assigneeId: z.uuid().nullable(),
  anomalies: z.array(
    anomaly.extend({
      unit,
      rate: z.boolean().describe("Values are per second"),
      order: z.number().describe("1 changed first"),
      contribution: z.number().describe("share of the incident's evidence, 0 to 1"),
    }),
  ),
});

const comment = z.object({
  id: z.number().int(),
  at: instant,
  by: z.string().nullable().describe("null: an account that is gone"),
  own: z.boolean().describe("Whether whoever asks wrote it, and may change it"),
  editedAt: instant.nullable(),
  text: z.string(),
});

const entry = z.object({
  at: instant,
  kind: z.enum(TIMELINE_KINDS),
  text: z.string().describe("What happened, in words; instants in it are ISO 8601"),
  note: z.string().describe("More of it, or empty"),
  by: z.string().nullable().describe("Who did it; null of what nobody did, and of an account that is gone"),
  delayMs: z.number().nullable().describe("Of a follower: how long after the first mover"),
  page: z.string().describe("Path of the page that shows it, or an address elsewhere, or empty"),
  comment: comment.pick({ id: true, own: true, editedAt: true }).nullable(),
});

const cause = z.object({
  kind: z.enum(CAUSE_KINDS),
  title: z.string(),
  certainty: z.enum(CERTAINTIES),
  why: z.string().describe("Why it is thought to be, and how sure that is"),
  evidence: z.array(evidence),
  page: z.string().describe("Path of the page that shows it, or an address elsewhere, or empty"),
});

const step = z.object({ text: z.string(), page: z.string() });

const similar = z.object({
  hostId: z.number().int(),
  host: z.string(),
  id: z.number().int(),
  title: z.string(),
  startedAt: instant,
  endedAt: instant.nullable(),
  status: z.enum(ANOMALY_STATUSES),
  likeness: z.number().describe("0 to 1"),
  shared: z.number().int().describe("Metrics that moved in both"),
  metrics: z.number().int().describe("Metrics that moved in either"),
  sameFirst: z.boolean().describe("Whether the same metric moved first"),
  remedy: z.string().describe("What helped, by its post-mortem, else by the note with which it was resolved; or empty"),
  said: z.array(z.object({ by: z.string().nullable(), text: z.string() })).describe("What was said and decided then"),
});

const failed = z
  .array(z.object({ part: z.string(), message: z.string() }))
  .describe("What could not be read; the rest is there");

const whichHost = { params: idParams, query: z.object(hostQuery) };
const commentParams = z.object({ id: entityIdParam, comment: entityIdParam });
const commentBody = z.object({ text: visibleText(2_000) });

export const incidents = {
  list: endpoint({
    method: "get",
    path: "/incidents",
    tag: "Anomalies",
    summary: "Incidents, newest first",
    permission: "anomalies:read",
    query: z.object({
      ...hostQuery,
      ...spanQuery("now-7d"),
      ongoing: booleanParam.default(false).describe("Only those that go on, whenever they began"),
      limit: pageQuery.limit,
    }),
    response: z.array(incident),
  }),
  read: endpoint({
    method: "get",
    path: "/incidents/{id}",
    tag: "Anomalies",
    summary: "One incident: its metrics by contribution, with the order in which they changed",
    permission: "anomalies:read",
    ...whichHost,
    response: incident,
  }),
  update: endpoint({
    method: "patch",
    path: "/incidents/{id}",
    tag: "Anomalies",
    summary: "Sets the status of all anomalies of an incident",
    permission: "anomalies:decide",
    ...whichHost,
    body: statusUpdate,
    response: incident,
  }),
  assign: endpoint({
    method: "post",
    path: "/incidents/{id}/assign",
    tag: "Anomalies",
    summary: "Gives an incident to somebody",
    permission: "anomalies:decide",
    ...whichHost,
    body: z.object({ userId: z.uuid().nullable().describe("null is nobody") }),
    response: incident,
  }),
  timeline: endpoint({
    method: "get",
    path: "/incidents/{id}/timeline",
    tag: "Anomalies",
    summary:
      "What happened in an incident in the order of time: what moved, alerts, deploys and notes, acts and comments",
    permission: "anomalies:read",
    ...whichHost,
    response: z.object({
      entries: z.array(entry),
      earlierComments: z.number().int().describe("Comments older than those in it"),
      leftOut: z.number().int().describe("Of what else there is more than fits"),
      failed,
    }),
  }),
  guide: endpoint({
    method: "get",
    path: "/incidents/{id}/guide",
    tag: "Anomalies",
    summary:
      "The likely causes of an incident with what they rest on, what to do next, and similar incidents with what helped then",
    permission: "anomalies:read",
    ...whichHost,
    response: z.object({
      causes: z.array(cause).describe("The surest first; none where nothing was found"),
      lookedAt: z.array(z.string()).describe("Where causes were looked for"),
      steps: z.array(step),
      places: z.array(step).describe("Pages that show the host, its processes and its databases at that time"),
      similar: z.array(similar).describe("The most like it first"),
      compared: z.number().int().describe("Earlier incidents that it was compared with"),
      postMortem: z
        .object({ title: z.string(), summary: z.string(), updatedAt: instant, updatedBy: z.string().nullable() })
        .nullable()
        .describe("null where nobody has saved one"),
      failed,
    }),
  }),
  comments: endpoint({
    method: "get",
    path: "/incidents/{id}/comments",
    tag: "Anomalies",
    summary: "Comments on an incident, newest first",
    permission: "anomalies:read",
    params: idParams,
    query: z.object({
      ...hostQuery,
      before: entityIdParam.optional().describe("Only those older than this one"),
      limit: pageQuery.limit,
    }),
    response: z.object({ total: z.number().int(), comments: z.array(comment) }),
  }),
  addComment: endpoint({
    method: "post",
    path: "/incidents/{id}/comments",
    tag: "Anomalies",
    summary: "Says something about an incident, also about one that is over",
    permission: "anomalies:decide",
    ...whichHost,
    body: commentBody,
    secret: ["text"],
    response: comment,
    status: 201,
  }),
  editComment: endpoint({
    method: "patch",
    path: "/incidents/{id}/comments/{comment}",
    tag: "Anomalies",
    summary: "Changes a comment of one's own",
    permission: "anomalies:decide",
    params: commentParams,
    query: z.object(hostQuery),
    body: commentBody,
    secret: ["text"],
    response: comment,
  }),
  removeComment: endpoint({
    method: "delete",
    path: "/incidents/{id}/comments/{comment}",
    tag: "Anomalies",
    summary: "Removes a comment of one's own",
    permission: "anomalies:decide",
    params: commentParams,
    query: z.object(hostQuery),
    secret: ["text"],
  }),
};
