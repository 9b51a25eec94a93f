import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Database } from "#lib/db/client.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";
import { getRoute, signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";

let db: Database;
let hostId: number;
const NOW = Math.floor(Date.now() / (10 * SECOND_MS)) * 10 * SECOND_MS;
const BOUNDS = ["0.1", "0.25", "0.5", "1", "2.5", "+Inf"];

type Operation = { service: string; operation: string; kind: string; status: string; perStep: number; took: number };

/** Each ten seconds of 20 minutes an operation served so many requests that took so long. */
const readingsOf = ({ service, operation, kind, status, perStep, took }: Operation, step: number) => {
  const labels = { job: service, operation, "span.kind": kind, status };
  const count = perStep * (step + 1);
  const part = (suffix: string, value: number, more: Record<string, string> = {}) => ({
    ...{ metric: `traces.span.duration${suffix}`, labels: { ...labels, ...more }, value },
    ...{ unit: "s", kind: "histogram" as const },
  });
  return [
    part("_count", count),
    part("_sum", count * took),
    ...BOUNDS.map((le) => part("_bucket", le === "+Inf" || took <= Number(le) ? count : 0, { le })),
  ];
};

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  const host = { machineId: "input-of-test", name: "spans", hostname: "spans", system: { kind: "input" } };
  ({ id: hostId } = await db.host.create({ data: host }));
  const operations: Operation[] = [
    { service: "shop", operation: "GET /cart", kind: "server", status: "ok", perStep: 9, took: 0.2 },
    { service: "shop", operation: "GET /cart", kind: "server", status: "error", perStep: 1, took: 0.2 },
    { service: "shop", operation: "SELECT carts", kind: "client", status: "ok", perStep: 50, took: 0.05 },
    { service: 'odd "name"\\', operation: "slow", kind: "consumer", status: "ok", perStep: 1, took: 0.9 },
  ];
  const frames = Array.from({ length: 120 }, (_, n) => ({
    source: { kind: "otlp", name: "spans" },
    at: NOW - (119 - n) * 10 * SECOND_MS,
    intervalMs: 10 * SECOND_MS,
    readings: operations.flatMap((operation) => readingsOf(operation, n)),
  }));
  await new FrameWriter(db, new Registry(db)).appendAll(hostId, frames);
});

const span = `from=${NOW - 10 * MINUTE_MS}&to=${NOW}`;
const near = (a: number | null | undefined, b: number, by = 1e-6) =>
  assert.ok(Math.abs((a ?? Number.NaN) - b) < by, `${a} for ${b}`);
type Figures = Record<"requests" | "rate" | "errorRate" | "error_rate" | "p50" | "p95" | "apdex", number | null>;

test("services are listed with throughput, errors, response times and Apdex of what they serve, and not of their calls", async () => {
  const listed = (await (await getRoute("/applications", `?${span}`)).json()) as (Figures & {
    service: string;
    host_id: number;
  })[];
  assert.deepEqual(
    listed.map(({ service, host_id }) => [service, host_id]),
    [
      ["shop", hostId],
      ['odd "name"\\', hostId],
    ],
  );
  const [shop, odd] = listed;
  near(shop?.rate, 1);
  near(shop?.error_rate, 0.1);
  near(shop?.p50, 0.175);
  near(shop?.apdex, 0.9, 1e-6);
  near(odd?.apdex, 0.5);
  near(odd?.error_rate, 0);
});

test("the operations of a service, its calls to others among them, are listed busiest first", async () => {
  const search = `?host=${hostId}&service=shop&${span}`;
  const operations = (await (await getRoute("/applications/operations", search)).json()) as (Figures & {
    operation: string;
    kind: string;
  })[];
  assert.deepEqual(
    operations.map(({ operation, kind }) => [operation, kind]),
    [
      ["SELECT carts", "client"],
      ["GET /cart", "server"],
    ],
  );
  const odd = `?host=${hostId}&service=${encodeURIComponent('odd "name"\\')}&${span}`;
  assert.equal(
    ((await (await getRoute("/applications/operations", odd)).json()) as unknown[]).length,
    1,
    "whatever its name is",
  );
  assert.deepEqual(
    await (await getRoute("/applications/operations", `?host=${hostId}&service=none&${span}`)).json(),
    [],
  );
});

test("over time throughput and errors are steps of a span, and where nothing was measured there is a gap", async () => {
  const from = NOW - 60 * MINUTE_MS;
  const search = `?host=${hostId}&service=shop&from=${from}&to=${NOW}&points=61`;
  const { series, step_ms } = (await (await getRoute("/applications/history", search)).json()) as {
    step_ms: number;
    series: { name: string; points: [number, number | null][] }[];
  };
  assert.equal(step_ms, MINUTE_MS);
  const points = (name: string) => series.find((each) => each.name === name)?.points ?? [];
  assert.deepEqual(
    points("rate")
      .slice(0, 30)
      .map(([, value]) => value)
      .filter((value) => value !== null),
    [],
  );
  near(points("rate").at(-1)?.[1], 1);
  near(points("errors").at(-1)?.[1], 0.1);
  assert.ok((points("p99").at(-1)?.[1] ?? 0) <= 0.25);
});

test("an empty portal has no applications, and a span that cannot be is refused by its field", async () => {
  assert.deepEqual(await (await getRoute("/applications", "?from=0&to=60000")).json(), []);
  for (const [search, field] of [
    ["?from=now&to=now-1h", "from"],
    ["?threshold=7", "threshold"],
  ]) {
    const answer = await getRoute("/applications", search);
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), new RegExp(String(field)));
  }
});
