import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** A request that an exporter sent. */
export type SentRequest = { path: string; headers: Record<string, string>; bytes: Buffer };

/** Takes what exporters send, and answers that it was taken. */
export async function openCollector(): Promise<{ url: string; sent: SentRequest[]; close: () => void }> {
  const sent: SentRequest[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const bytes = Buffer.concat(parts);
      const isPacked = request.headers["content-encoding"] === "gzip";
      const headers = request.headers as Record<string, string>;
      sent.push({ path: request.url ?? "", headers, bytes: isPacked ? gunzipSync(bytes) : bytes });
      response.writeHead(200, { "content-type": headers["content-type"] ?? "" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, sent, close: () => server.close() };
}

type Attributes = Record<string, string | number | boolean>;

/** Attributes as OTLP's JSON has them. */
export const attributes = (values: Attributes) =>
  Object.entries(values).map(([key, value]) => ({
    key,
    value:
      typeof value === "string"
        ? { stringValue: value }
        : typeof value === "boolean"
          ? { boolValue: value }
          : Number.isInteger(value)
            ? { intValue: String(value) }
            : { doubleValue: value },
  }));

/** Metrics of a service, as JSON. */
export const metricsJson = (metrics: unknown[], service: Attributes = { "service.name": "shop" }): Buffer =>
  Buffer.from(
    JSON.stringify({
      resourceMetrics: [{ resource: { attributes: attributes(service) }, scopeMetrics: [{ metrics }] }],
    }),
  );

/** Spans of a service, as JSON. */
export const spansJson = (spans: unknown[], service: Attributes = { "service.name": "shop" }): Buffer =>
  Buffer.from(
    JSON.stringify({ resourceSpans: [{ resource: { attributes: attributes(service) }, scopeSpans: [{ spans }] }] }),
  );

/** An instant in ms as OTLP's JSON has it. */
export const nanos = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * 1_000n);

/** A body of JSON as it comes. */
export const jsonBody = (bytes: Buffer) => ({ bytes, contentType: "application/json", contentEncoding: "" });
