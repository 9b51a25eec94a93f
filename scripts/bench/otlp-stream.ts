import { SECOND_MS } from "#lib/time/durations.ts";
import { bytesField, doubleField, numberField } from "../../tests/support/protobuf.ts";

const TARGETS = 20;
const POINTS = 500;
/** So many points, or spans, a second of the stream has. */
export const POINTS_A_ROUND = TARGETS * POINTS;

const CUMULATIVE = 2;
const SERVER = 2;

const message = (field: number, ...parts: Buffer[]) => bytesField(field, Buffer.concat(parts));

function eightBytes(value: bigint | number): Buffer {
  const bytes = Buffer.alloc(8);
  if (typeof value === "bigint") bytes.writeBigUInt64LE(value);
  else bytes.writeDoubleLE(value);
  return bytes;
}

const nanos = (ms: number): Buffer => eightBytes(BigInt(ms) * 1_000_000n);

const attributes = (field: number, values: Record<string, string>): Buffer[] =>
  Object.entries(values).map(([key, value]) => message(field, bytesField(1, key), message(2, bytesField(1, value))));

const resource = (target: number): Buffer =>
  message(
    1,
    ...attributes(1, { "service.name": `shop-${target}`, "service.instance.id": `app-${target}.prod.example.com` }),
  );

const path = (n: number): string => `/api/v1/items/${Math.floor(n / 20)}`;

/** A counter's points of a target at an instant, as ExportMetricsServiceRequest. */
function pointsOf(target: number, at: number, second: number): Buffer<ArrayBuffer> {
  const points = Array.from({ length: POINTS }, (_, n) =>
    message(
      1,
      ...attributes(7, { "http.request.method": "GET", "http.route": path(n), shard: String(n % 20) }),
      doubleField(2, nanos(at - second * SECOND_MS)),
      doubleField(3, nanos(at)),
      doubleField(4, eightBytes(second * (n % 20) + (n % 7))),
    ),
  );
  const sum = message(7, ...points, numberField(2, CUMULATIVE), numberField(3, 1));
  const metric = message(2, bytesField(1, "http.server.requests"), bytesField(3, "1"), sum);
  return Buffer.from(message(1, resource(target), message(2, metric)));
}

/** Spans of a target that end at an instant, as ExportTraceServiceRequest. */
function spansOf(target: number, at: number, second: number): Buffer<ArrayBuffer> {
  const spans = Array.from({ length: POINTS }, (_, n) => {
    const id = Buffer.alloc(16);
    id.writeUInt32BE(target * 1_000 + n, 0);
    id.writeUInt32BE(second + 1, 8);
    id.writeDoubleBE(at + n, 8);
    return message(
      2,
      ...[bytesField(1, id), bytesField(2, id.subarray(8)), bytesField(5, `GET ${path(n)}`), numberField(6, SERVER)],
      ...[doubleField(7, nanos(at - 5 - (n % 400))), doubleField(8, nanos(at))],
      ...attributes(9, { "http.request.method": "GET", "http.route": path(n), "http.response.status_code": "200" }),
    );
  });
  return Buffer.from(message(1, resource(target), message(2, ...spans)));
}

/** What targets send each second from an instant (ms) on, a request of 500 points or spans each. */
export function otlpRequests(kind: "metrics" | "traces", from: number, rounds: number): Buffer<ArrayBuffer>[] {
  const encode = kind === "metrics" ? pointsOf : spansOf;
  return Array.from({ length: rounds }, (_, second) => second).flatMap((second) =>
    Array.from({ length: TARGETS }, (_, target) => encode(target, from + second * SECOND_MS + target * 37, second)),
  );
}
