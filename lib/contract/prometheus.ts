import type { Endpoint } from "#lib/contract/endpoint.ts";
import * as z from "#lib/contract/schema.ts";

const text = z.string();
const time = text.optional().describe("Seconds since the epoch, or RFC 3339");
const timeout = text.optional().describe("Seconds, or a duration such as 30s");
const period = { start: time, end: time };
const match = z.array(text).optional().describe("Selectors of series");

/** A read-only endpoint of Prometheus' HTTP API, whose answers Prometheus' own documentation describes. */
const read = <Params extends z.ZodObject = never, Query extends z.ZodObject = never>(
  method: "get" | "post",
  path: string,
  summary: string,
  { params, query }: { params?: Params; query?: Query } = {},
): Endpoint<Params, Query, never, never> => ({
  ...{ method, path, tag: "Prometheus", summary, permission: "metrics:read", protocol: "prometheus", status: 200 },
  ...(method === "post" ? { audit: "none" as const } : {}),
  ...(params ? { params } : {}),
  ...(query ? { query } : {}),
});

/** The same by GET and by POST, whose parameters are a form. */
const both = <Query extends z.ZodObject>(path: string, summary: string, query: Query) => ({
  get: read("get", path, summary, { query }),
  post: read("post", path, summary, { query }),
});

const query = both("/query", "An expression at an instant", z.object({ query: text, time, timeout }));
const range = both(
  "/query_range",
  "An expression at each step of a range",
  z.object({ query: text, start: text, end: text, step: text, timeout }),
);
const series = both("/series", "The series that selectors name", z.object({ ...period, "match[]": z.array(text) }));
const labels = both("/labels", "The names of labels", z.object({ ...period, "match[]": match }));

/** What programs send by remote write: its specification says how (prometheus.io/docs/specs). */
const write: Endpoint<never, never, never, never> = {
  method: "post",
  path: "/write",
  tag: "Inputs",
  summary: "Takes samples by remote write 1.0 or 2.0, with the token of an input. What is sent twice is stored once",
  permission: "inputs:send",
  protocol: "prometheus",
  input: "remote_write",
  raw: true,
  ingest: true,
  audit: "none",
  status: 204,
};

/** The part of Prometheus' HTTP API that reads, and its remote write. */
export const prometheus = {
  write,
  query: query.get,
  queryForm: query.post,
  range: range.get,
  rangeForm: range.post,
  series: series.get,
  seriesForm: series.post,
  labels: labels.get,
  labelsForm: labels.post,
  labelValues: read("get", "/label/{name}/values", "The values of a label", {
    params: z.object({ name: text }),
    query: z.object({ ...period, "match[]": match }),
  }),
  metadata: read("get", "/metadata", "What metrics are", {
    query: z.object({ metric: text.optional(), limit: text.optional() }),
  }),
  buildinfo: read("get", "/status/buildinfo", "What answers here"),
};

/** What Sightline says of itself and of its own host, for whoever scrapes it: at the root, as scrapers expect it. */
export const prometheusExposition = {
  read: {
    ...read(
      "get",
      "/metrics",
      "Sightline's own metrics and the newest values of its host, as Prometheus' text or OpenMetrics",
    ),
    root: "" as const,
  },
};
