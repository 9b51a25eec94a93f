import assert from "node:assert/strict";
import { before, test } from "node:test";
import { experimentSchema } from "#lib/contract/experiment-plans.ts";
import type { Database } from "#lib/db/client.ts";
import { createExperiment, moveExperiment } from "#lib/experiments/write-experiments.ts";
import { callRoute, signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";

// A batch with something wrong in it: what is wrong is named by its place, and everything else is stored.

let db: Database;

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  const actor = { userId: null, now: Date.now() };
  const plan = {
    ...{ key: "checkout", name: "checkout", variants: [{ key: "a" }, { key: "b" }] },
    metrics: [{ key: "orders", role: "primary", kind: "mean", event: "order" }],
  };
  await moveExperiment(db, await createExperiment(db, experimentSchema.parse(plan), actor), "start", actor);
});

async function send(path: string, body: object) {
  const response = await callRoute({ method: "post", path }, "", { role: "engineer", id: "checkout", body });
  type Answer = { detail?: string; errors?: { field: string; message: string }[]; fresh?: number };
  return { status: response.status, ...((await response.json()) as Answer) };
}
const EVENTS = "/experiments/events";
const EXPOSURES = "/experiments/{id}/exposures";

const WRONG: [string, object][] = [
  ["value", { value: 1e200 }],
  ["value", { value: -1e200 }],
  ["value", { value: 1e308 }],
  ["value", { value: 1e-200 }],
  ["value", { value: 1e16 }],
  ["value", { value: "7" }],
  ["value", { value: null }],
  ["at", { at: "1970-01-01T00:00:00Z" }],
  ["at", { at: Math.floor(Date.now() / 1000) }],
  ["at", { at: "2099-01-01T00:00:00Z" }],
  ["at", { at: 1e308 }],
  ["at", { at: "yesterday" }],
  ["subject", { subject: "a\u0000" }],
  ["subject", { subject: "\ud83d" }],
  ["subject", { subject: "" }],
  ["id", { id: undefined }],
  ["val", { val: 7 }],
];

test("wrong events are refused by their place, whatever is wrong with them, and the rest is stored, once", async () => {
  const good = (n: number) => ({ id: `good ${n}`, subject: `s${n}`, metric: "order", value: n });
  const events = WRONG.flatMap(([, part], n) => [good(n), { ...good(n), id: `bad ${n}`, ...part }]);
  for (const round of [1, 2]) {
    const { status, errors = [], detail = "" } = await send(EVENTS, { events });
    assert.equal(status, 400, `round ${round}`);
    assert.deepEqual(
      errors.map(({ field }) => field).sort(),
      WRONG.map(([field], n) => `events.${2 * n + 1}.${field}`).sort(),
    );
    assert.match(
      detail,
      new RegExp(`^${WRONG.length} of ${2 * WRONG.length} events are refused, the other ${WRONG.length} are stored`),
    );
    assert.equal(await db.metricEvent.count(), WRONG.length);
  }
  const later = await send(EVENTS, { events: [{ ...good(0), id: "later" }] });
  assert.deepEqual([later.status, later.fresh], [200, 1], "a later batch of the same subject is taken");
});

test("values at the ends of what is taken are summed exactly", async () => {
  const values = [1e15, -1e15, 1e-12, -1e-12, 0, 0.1];
  await send(EXPOSURES, { exposures: values.map((_, n) => ({ subject: `end ${n}`, variant: "a" })) });
  const events = values.map((value, n) => ({ id: `end ${n}`, subject: `end ${n}`, metric: "order", value }));
  assert.equal((await send(EVENTS, { events })).status, 200);
  const rows = await db.experimentTotal.findMany({ where: { metric: "orders" } });
  const sum = rows.reduce((total, row) => total + Number(row.sum), 0);
  assert.equal(sum, 0.1);
});

test("exposures that name no variant, or are wrong otherwise, are refused by their place in the request", async () => {
  const exposures = [
    { subject: "x1", variant: "a" },
    { subject: "", variant: "a" },
    { subject: "x2", variant: "c" },
    { subject: "x3", variant: "b", at: 0 },
    { subject: "x4", variant: "b" },
    { subject: "x5", variant: "none" },
  ];
  const { status, errors = [] } = await send(EXPOSURES, { exposures });
  assert.equal(status, 400);
  assert.deepEqual(
    errors.map(({ field }) => field),
    ["exposures.1.subject", "exposures.3.at", "exposures.2.variant", "exposures.5.variant"],
  );
  const stored = await db.exposure.findMany({ where: { subject: { startsWith: "x" } } });
  assert.deepEqual(stored.map(({ subject }) => subject).sort(), ["x1", "x4"]);
});

test("a body that is wrong as a whole stores nothing", async () => {
  const before = await db.metricEvent.count();
  for (const body of [
    {},
    { events: [] },
    { events: {} },
    { events: [null] },
    { events: [{}], more: 1 },
    { event: [] },
    [],
  ])
    assert.equal((await send(EVENTS, body)).status, 400, JSON.stringify(body));
  assert.equal(await db.metricEvent.count(), before);
});
