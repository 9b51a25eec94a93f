import { endpoint } from "#lib/contract/endpoint.ts";
import { TRACE_ORDERS } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { hostQuery, hostRef, instant, labels, pageQuery, spanQuery } from "#lib/contract/shared.ts";

const TAG = "Applications";

export const traceId = z
  .string()
  .regex(/^[0-9a-fA-F]{32}$/, "Write a trace id as 32 hexadecimal digits")
  .toLowerCase()
  .describe("32 hexadecimal digits");

/** Why a trace is kept. */
const reason = z.enum(["slow", "failed"]);
const seconds = z.number().describe("Seconds");
const name = z.string().max(300);
const attributes = z.record(z.string(), z.string()).describe("Masked where they look like secrets, and shortened");

const span = z.object({
  spanId: z.string(),
  parentSpanId: z.string().describe("Empty for the first span of a trace"),
  service: z.string(),
  name: z.string(),
  kind: z.enum(["internal", "server", "client", "producer", "consumer"]),
  startedAt: instant,
  duration: seconds,
  failed: z.boolean(),
  message: z.string().describe("Of its status, masked"),
  attributes,
  events: z.array(z.object({ at: z.number().describe("ms since the epoch"), name: z.string(), attributes })),
});

export const traces = {
  list: endpoint({
    method: "get",
    path: "/traces",
    tag: TAG,
    summary: "The slowest and the failed traces of each service, operation and hour",
    permission: "metrics:read",
    query: z.object({
      ...hostQuery,
      ...spanQuery("now-24h"),
      service: name.optional(),
      operation: name.optional(),
      reason: reason.optional(),
      sort: z.enum(TRACE_ORDERS).default("slowest"),
      ...pageQuery,
    }),
    response: z.object({
      host: hostRef,
      total: z.number().int(),
      traces: z.array(
        z.object({
          traceId: z.string(),
          service: z.string(),
          operation: z.string(),
          reasons: z.array(reason),
          duration: seconds.describe("Of the operation's own span, seconds"),
          startedAt: instant,
        }),
      ),
    }),
  }),
  read: endpoint({
    method: "get",
    path: "/traces/{id}",
    tag: TAG,
    summary: "A trace with its spans, at most 200",
    permission: "metrics:read",
    params: z.object({
      id: traceId,
    }),
    query: z.object(hostQuery),
    response: z.object({
      host: hostRef,
      traceId: z.string(),
      startedAt: instant,
      dropped: z.number().int().describe("Spans that came and are not kept"),
      spans: z.array(span),
    }),
  }),
};

export const exemplars = {
  list: endpoint({
    method: "get",
    path: "/exemplars",
    tag: TAG,
    summary: "In which trace a value of a metric was seen last, by series",
    permission: "metrics:read",
    query: z.object({
      ...hostQuery,
      metric: name.optional().describe("As it was sent, such as http.server.request.duration"),
    }),
    response: z.object({
      host: hostRef,
      exemplars: z.array(
        z.object({
          metric: z.string(),
          labels,
          traceId: z.string(),
          spanId: z.string(),
          value: z.number(),
          at: instant,
        }),
      ),
    }),
  }),
};
