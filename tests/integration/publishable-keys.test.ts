import assert from "node:assert/strict";
import { before, test } from "node:test";
import { requestLimits } from "#lib/access/request-limits.ts";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { ENDPOINTS } from "#lib/contract/endpoints.ts";
import { experimentSchema } from "#lib/contract/experiment-plans.ts";
import { DEFAULT_SETTINGS } from "#lib/contract/settings.ts";
import type { Database } from "#lib/db/client.ts";
import { readExperiment } from "#lib/experiments/read-experiments.ts";
import { ingestEvents } from "#lib/experiments/record-events.ts";
import { createExperiment, moveExperiment } from "#lib/experiments/write-experiments.ts";
import "../support/email.ts";
import { callRoute, signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";

// A key in the source of a web page is everybody's: it can assign and send events for the experiments that it names, from the pages that it names.

const SHOP = "https://shop.example";
const ASSIGN = { method: "post" as const, path: "/experiments/{id}/assign" };
const EVENTS = { method: "post" as const, path: "/experiments/events" };
const EXPOSURES = { method: "post" as const, path: "/experiments/{id}/exposures" };

let db: Database;
let key = "";

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  const actor = { userId: null, now: Date.now() };
  for (const name of ["checkout", "secret"]) {
    const plan = {
      ...{ key: name, name, variants: [{ key: "a" }, { key: "b" }] },
      metrics: [{ key: "orders", role: "primary", kind: "count", event: "order" }],
    };
    await moveExperiment(db, await createExperiment(db, experimentSchema.parse(plan), actor), "start", actor);
  }
  const body = { name: "the shop", experiments: ["checkout"], origins: [SHOP] };
  const created = await callRoute({ method: "post", path: "/publishable-keys" }, "", { role: "analyst", body });
  assert.equal(created.status, 201, await created.clone().text());
  ({ key } = (await created.json()) as { key: string });
});

const send = (
  endpoint: Pick<Endpoint, "method" | "path">,
  body: object,
  { id = "checkout", origin = SHOP, bearer = key } = {},
) =>
  callRoute(endpoint, "", {
    ...(endpoint.method === "get" ? { id } : { id, body }),
    headers: { authorization: `Bearer ${bearer}`, ...(origin ? { origin } : {}) },
  });

test("a page of a named origin assigns and sends events, and may read the answers", async () => {
  const assigned = await send(ASSIGN, { subject: "ana" });
  assert.equal(assigned.status, 200, await assigned.clone().text());
  assert.equal(assigned.headers.get("access-control-allow-origin"), SHOP);
  assert.equal(assigned.headers.get("access-control-allow-credentials"), null);
  const { variant } = (await assigned.json()) as { variant: string };
  assert.equal((await send(EXPOSURES, { exposures: [{ subject: "ben", variant }] })).status, 200);
  const events = [{ id: "o1", subject: "ana", metric: "order" }];
  for (const fresh of [1, 0]) assert.deepEqual(await (await send(EVENTS, { events })).json(), { received: 1, fresh });
  assert.equal((await db.publishableKey.findFirstOrThrow()).lastUsedAt === null, false);
});

test("a key opens nothing else: no other endpoint, experiment or origin, and no program without one", async () => {
  for (const endpoint of ENDPOINTS.filter(({ browser, permission }) => !browser && permission !== "public")) {
    const response = await send(endpoint, {}, { id: "1" });
    assert.equal(response.status, 403, endpoint.path);
    assert.equal(response.headers.get("access-control-allow-origin"), null, endpoint.path);
  }
  const refusals: [Promise<Response>, number, RegExp][] = [
    [send(ASSIGN, { subject: "ana" }, { id: "secret" }), 403, /not for the experiment secret/],
    [send(EXPOSURES, { exposures: [{ subject: "x", variant: "a" }] }, { id: "secret" }), 403, /not for the experiment/],
    [send(ASSIGN, { subject: "ana" }, { origin: "https://evil.example" }), 403, /not for pages of https:\/\/evil/],
    [send(ASSIGN, { subject: "ana" }, { origin: "null" }), 403, /not for pages of null/],
    [send(ASSIGN, { subject: "ana" }, { origin: "" }), 403, /for browsers/],
    [send(ASSIGN, { subject: "ana" }, { bearer: "slp_nothing" }), 401, /no such publishable key/],
  ];
  for (const [answer, status, detail] of refusals) {
    const response = await answer;
    assert.equal(response.status, status);
    assert.match(((await response.json()) as { detail: string }).detail, detail);
  }
});

test("a browser's question before it sends the key is answered for named origins only", async () => {
  const { OPTIONS } = await import("../../app/api/v1/experiments/events/route.ts");
  const ask = (origin: string) =>
    OPTIONS(new Request("http://127.0.0.1:3000/api/v1/experiments/events", { method: "OPTIONS", headers: { origin } }));
  const yes = await ask(SHOP);
  assert.deepEqual([yes.status, yes.headers.get("access-control-allow-origin")], [204, SHOP]);
  assert.match(yes.headers.get("access-control-allow-headers") ?? "", /authorization/);
  const no = await ask("https://evil.example");
  assert.deepEqual([no.status, no.headers.get("access-control-allow-origin")], [403, null]);
});

test("events of a key count for its experiments only, also for subjects exposed later, and use up nobody else's ids", async () => {
  const orders = async (name: string) => {
    const { id } = await readExperiment(db, name);
    const totals = await db.experimentTotal.findMany({ where: { experimentId: id, metric: "orders" } });
    return totals.reduce((sum, total) => sum + total.sum.toNumber(), 0);
  };
  const before = { checkout: await orders("checkout"), secret: await orders("secret") };
  const at = Date.now();
  const fake = [
    { id: "order 7", subject: "eva", metric: "order" },
    { id: "order 8", subject: "eva", metric: "order" },
  ];
  await callRoute(EXPOSURES, "", {
    id: "secret",
    role: "admin",
    body: { exposures: [{ subject: "eva", variant: "a" }] },
  });
  assert.equal((await send(EVENTS, { events: fake })).status, 200);
  // Exposed in the named experiment only after the event, which is hence of the time before.
  await callRoute(EXPOSURES, "", {
    id: "checkout",
    role: "admin",
    body: { exposures: [{ subject: "eva", variant: "a", at: new Date(at - 60_000).toISOString() }] },
  });
  assert.equal(await orders("secret"), before.secret, "another experiment is not touched");
  assert.equal(await orders("checkout"), before.checkout + 2);
  const real = [{ id: "order 7", subject: "eva", metric: "order", value: 1, at: Date.now() }];
  assert.equal(await ingestEvents(db, real), 1, "the server's own event of that id is new");
});

test("what makes no key: an origin with a path, no origin, an experiment that there is not", async () => {
  const good = { name: "x", experiments: ["checkout"], origins: [SHOP] };
  const bad: [object, string][] = [
    [{ origins: [`${SHOP}/cart`] }, "origins.0"],
    [{ origins: ["*"] }, "origins.0"],
    [{ origins: ["null"] }, "origins.0"],
    [{ origins: ["javascript://x"] }, "origins.0"],
    [{ origins: [] }, "origins"],
    [{ experiments: ["nothing"] }, "experiments"],
    [{ experiments: ["a\u0000"] }, "experiments.0"],
    [{ name: "" }, "name"],
  ];
  for (const [part, field] of bad) {
    const response = await callRoute({ method: "post", path: "/publishable-keys" }, "", {
      role: "admin",
      body: { ...good, ...part },
    });
    const { errors = [] } = (await response.json()) as { errors?: { field: string }[] };
    assert.deepEqual([response.status, errors[0]?.field], [400, field], JSON.stringify(part));
  }
});

test("one account, token or key that asks too often is told to wait, and nobody else", async () => {
  requestLimits().use({ ...DEFAULT_SETTINGS, rate_limit_per_minute: 60, ingest_per_minute: 60 });
  const hosts = (role: "viewer" | "operator") => callRoute({ method: "get", path: "/hosts" }, "", { role });
  const statuses = new Map<number, number>();
  for (let n = 0; n < 80; n++) {
    const { status } = await hosts("viewer");
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  assert.deepEqual([statuses.get(200), statuses.get(429)], [60, 20]);
  const refused = await hosts("viewer");
  assert.ok(Number(refused.headers.get("retry-after")) >= 1);
  assert.match(
    ((await refused.json()) as { detail: string }).detail,
    /More than 60 requests a minute from this account/,
  );
  assert.equal((await hosts("operator")).status, 200);
  let last = 0;
  for (let n = 0; n < 70; n++) last = (await send(ASSIGN, { subject: "ana", record: false })).status;
  assert.equal(last, 429);
  requestLimits().use(DEFAULT_SETTINGS);
});

test("a revoked key opens nothing, and its pages are asked no more", async () => {
  const [{ id = 0 } = {}] = (await (
    await callRoute({ method: "get", path: "/publishable-keys" }, "", { role: "engineer" })
  ).json()) as { id: number }[];
  const path = "/publishable-keys/{id}";
  assert.equal((await callRoute({ method: "delete", path }, "", { role: "admin", id: String(id) })).status, 204);
  assert.equal((await send(ASSIGN, { subject: "ana" })).status, 401);
});
