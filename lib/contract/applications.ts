import { z } from "zod";
import { endpoint } from "#lib/contract/endpoint.ts";
import { hostQuery, point, spanQuery } from "#lib/contract/shared.ts";

const TAG = "Applications";

/** Thresholds of Apdex, seconds: the buckets of durations have a bound at each and at four times each. */
export const APDEX_THRESHOLDS = ["0.025", "0.25", "2.5"] as const;

const seconds = z.number().nullable().describe("Seconds, from the histogram of durations; null without any request");

const figures = {
  requests: z.number().describe("In the span, extrapolated as increase() does"),
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

/** Services, by the spans that they send. */
export const applications = {
  list: endpoint({
    method: "get",
    path: "/applications",
    tag: TAG,
    summary: "Services with throughput, errors, response times and Apdex of the requests that they serve",
    permission: "metrics:read",
    query: z.object(span),
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
    summary: "Throughput, errors and response times of a service over a span",
    permission: "metrics:read",
    query: z.object({
      ...application,
      ...spanQuery("now-1h"),
      points: z.coerce.number().int().min(10).max(500).default(120),
    }),
    response: z.object({
      from: z.number(),
      to: z.number(),
      stepMs: z.number(),
      series: z.array(z.object({ name: z.enum(["rate", "errors", "p50", "p95", "p99"]), points: z.array(point) })),
    }),
  }),
};
