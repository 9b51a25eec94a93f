import type { Endpoint } from "#lib/contract/endpoint.ts";

/** What exporters of OpenTelemetry send, as its specification says (opentelemetry.io/docs/specs/otlp). */
const receive = (signal: string, summary: string): Endpoint<never, never, never, never> => ({
  ...{ method: "post", path: `/otlp/v1/${signal}`, tag: "Inputs", summary, permission: "inputs:send" },
  ...{ protocol: "otlp", input: "otlp", raw: true, ingest: true, audit: "none", status: 200 },
});

/** OTLP over HTTP, in protobuf or JSON. The same below the root of the server: /v1/metrics, as exporters append it. */
export const otlp = {
  metrics: receive("metrics", "Takes metrics by OTLP, with the token of an input. What is sent twice is counted once"),
  traces: receive(
    "traces",
    "Counts spans by OTLP, with the token of an input; keeps the slowest and the failed traces",
  ),
  logs: receive("logs", "Answers that logs are not kept"),
};
