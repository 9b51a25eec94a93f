import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { experimentSchema } from "#lib/contract/experiment-plans.ts";
import { ROLES, type Role } from "#lib/contract/roles.ts";
import { createExperiment, moveExperiment } from "#lib/experiments/write-experiments.ts";
import { createReport } from "#lib/reports/compose.ts";
import "../support/email.ts";
import { callRoute, getRoute, signInRoles } from "../support/api.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import { type FuzzRequest, type OpenApi, requestsOf } from "../support/requests.ts";

const REQUESTS = 10_000;
const BATCH = 4;
/** What no answer may hold: where a program is, how it is made, what it asked its database. */
const LEAK =
  /\n\s+at |\/node_modules\/|prisma|PrismaClient|SELECT |INSERT |password_hash|\$argon2|ECONNREFUSED|127\.0\.0\.1:\d+\/test_/;
const LONGEST_MS = 5_000;
/** Another finds what this one does not: SIGHTLINE_FUZZ_SEED=7 npm test -- tests/integration/fuzz.test.ts */
const SEED = Number(process.env.SIGHTLINE_FUZZ_SEED ?? 1);

/** Chromium makes a PDF, and health is 503 when nobody collects: neither is what is tried here. */
const isTried = ({ path, id }: FuzzRequest) => path !== "/health" && !(path.endsWith("/pdf") && id === "1");

test(`${REQUESTS} requests made from the OpenAPI document, by every role and none, are answered: no 5xx, nothing slow, nothing leaked (seed ${SEED})`, {
  timeout: 600_000,
}, async (context) => {
  const { db, url } = await freshDatabase();
  await signInRoles(db, url);
  const { writer } = await addHost(db);
  for (const n of [2, 1, 0])
    await writer.append(
      frame(Date.now() - n * 5_000, [
        ["cpu.usage", 10 + n],
        ["disk.usage", 50, { mount: "/" }],
      ]),
    );
  const actor = { userId: null, now: Date.now() };
  const plan = {
    key: "checkout",
    name: "Checkout",
    variants: [{ key: "a" }, { key: "b" }],
    metrics: [{ key: "m", event: "e", role: "primary", kind: "proportion" }],
  };
  await moveExperiment(db, await createExperiment(db, experimentSchema.parse(plan), actor), "start", actor);
  await createReport(db, { type: "full", from: Date.now() - 3_600_000, to: Date.now() }, actor);
  const document = (await (await getRoute("/openapi.json")).json()) as OpenApi;
  const roles = [undefined, ...ROLES];
  const counts = new Map<string, Record<string, number>>();
  const wrong: string[] = [];
  let [slowest, slowestName] = [0, ""];

  async function ask({ method, path, id, search, body }: FuzzRequest, role: Role | undefined): Promise<void> {
    const name =
      `${role ?? "nobody"}: ${method} ${path.replace(/\{\w+\}/, JSON.stringify(id))}${search} ${body ?? ""}`.slice(
        0,
        2_000,
      );
    const began = performance.now();
    const response = await callRoute({ method: method as "get", path }, search, { id, role, body });
    const text = await response.text();
    const ms = performance.now() - began;
    if (ms > slowest) [slowest, slowestName] = [ms, name];
    const ofRole = counts.get(role ?? "nobody") ?? {};
    const status = `${Math.floor(response.status / 100)}xx`;
    counts.set(role ?? "nobody", { ...ofRole, [status]: (ofRole[status] ?? 0) + 1 });
    if (response.status >= 500) wrong.push(`${response.status} for ${name}: ${text}`);
    if (ms > LONGEST_MS) wrong.push(`${Math.round(ms)} ms for ${name}`);
    if (!response.ok && LEAK.test(text)) wrong.push(`a leak for ${name}: ${text}`);
  }

  const requests = fc.sample(
    requestsOf(document, ["1", "checkout", "999", "0192b7a0-0000-7000-8000-000000000000"]).filter(isTried),
    { numRuns: REQUESTS, seed: SEED },
  );
  for (let at = 0; at < requests.length; at += BATCH)
    await Promise.all(requests.slice(at, at + BATCH).map((request, n) => ask(request, roles[(at + n) % roles.length])));
  assert.deepEqual(wrong.slice(0, 20), []);
  for (const [role, answers] of counts) context.diagnostic(`${role}: ${JSON.stringify(answers)}`);
  context.diagnostic(`slowest: ${Math.round(slowest)} ms, ${slowestName.slice(0, 200)}`);
  const isIdle = async () => {
    const [idle] = await db.$queryRaw<{ open: number }[]>`
      SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
    return idle?.open === 0;
  };
  await eventually(isIdle, 10, "a transaction is left open");
  for (const role of ROLES)
    assert.ok((counts.get(role)?.["2xx"] ?? 0) > 100, `${role} got too few answers for this to say much`);
});
