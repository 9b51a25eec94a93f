import { endpoint } from "#lib/contract/endpoint.ts";
import * as z from "#lib/contract/schema.ts";
import { hostQuery, point, spanQuery } from "#lib/contract/shared.ts";

const TAG = "Applications";

/** Thresholds of Apdex, seconds: the buckets of durations have a bound at each and at four times each. */
export const APDEX_THRESHOLDS = ["0.025", "0.25", "2.5"] as const;

/** Kinds of spans that are counted. */
export const COUNTED_KINDS = ["server", "client", "consumer"] as const;

const seconds = z.number().nullable().describe("Seconds, from the histogram of durations; null without any request");

const figures = {
  requests: z.number().describe("Counted in the span"),
  rate: z.number().describe("Requests per second"),
  errorRate: z.number().nullable().describe("Share of the requests that failed, 0 to 1"),
  p50: seconds,
  p95: seconds,
  p99: seconds,
  apdex: z.number().nullable().describe("0 to 1: satisfied up to the threshold, tolerating up to four times it"),
};

const threshold = z.enum(APDEX_THRESHOLDS).default("0.25").describe("Of Apdex, seconds");
const span = { ...spanQuery("now-1h"), threshold };
const application = {
  ...hostQuery,
  service: z.string().min(1).max(300),
};
/** A service, or one operation of it. */
const subject = {
  ...application,
  operation: z.string().min(1).max(300).optional().describe("Default: all that the service serves"),
  kind: z.enum(COUNTED_KINDS).optional().describe("Of the operation's spans"),
};
const steps = (points: number) => z.coerce.number().int().min(10).max(500).default(points);
const course = { from: z.number(), to: z.number(), stepMs: z.number() };

/** Services, by the spans that they send. */
export const applications = {
  list: endpoint({
    method: "get",
    path: "/applications",
    tag: TAG,
    summary: "Services with throughput, errors, response times and Apdex of the requests that they serve",
    permission: "metrics:read",
    query: z.object({ ...hostQuery, service: application.service.optional().describe("Default: all"), ...span }),
    response: z.array(z.object({ hostId: z.number().int(), host: z.string(), service: z.string(), ...figures })),
  }),
  operations: endpoint({
    method: "get",
    path: "/applications/operations",
    tag: TAG,
    summary: "Operations of a service, served ones and its calls to others",
    permission: "metrics:read",
    query: z.object({ ...application, ...span }),
    response: z.array(z.object({ operation: z.string(), kind: z.string(), ...figures })),
  }),
  history: endpoint({
    method: "get",
    path: "/applications/history",
    tag: TAG,
    summary: "Throughput, errors and response times of a service, or of an operation of it, over a span",
    permission: "metrics:read",
    query: z.object({ ...subject, ...spanQuery("now-1h"), points: steps(120) }),
    response: z.object({
      ...course,
      series: z.array(z.object({ name: z.enum(["rate", "errors", "p50", "p95", "p99"]), points: z.array(point) })),
    }),
  }),
  latency: endpoint({
    method: "get",
    path: "/applications/latency",
    tag: TAG,
    summary: "How many requests took how long, by step and by bucket of the histogram of durations",
    permission: "metrics:read",
    query: z.object({
      ...subject,
      ...spanQuery("now-1h"),
      points: steps(60).describe("Steps at most, each of whole minutes"),
    }),
    response: z.object({
      ...course,
      bounds: z.array(z.number().nullable()).describe("Upper bounds of the buckets, seconds; null: beyond all"),
      steps: z.array(
        z.object({
          from: z.number().describe("ms since the epoch"),
          counts: z.array(z.number()).nullable().describe("By bucket; null marks a gap"),
        }),
      ),
    }),
  }),
  signals: endpoint({
    method: "get",
    path: "/applications/signals",
    tag: TAG,
    summary: "Active requests, sessions and connections, and hits and misses of caches, as far as a service sends them",
    permission: "metrics:read",
    query: z.object({ ...application, ...spanQuery("now-1h"), points: steps(120) }),
    response: z.object({
      ...course,
      gauges: z.array(
        z.object({
          kind: z.enum(["requests", "sessions", "connections"]),
          metric: z.string(),
          points: z.array(point),
        }),
      ),
      caches: z.array(
        z.object({
          metric: z.string(),
          ratio: z.number().nullable().describe("Hits of all requests of the span, 0 to 1"),
          hitRate: z.array(point).describe("The same by step"),
          hits: z.array(point).describe("Per second"),
          misses: z.array(point).describe("Per second"),
        }),
      ),
    }),
  }),
};
