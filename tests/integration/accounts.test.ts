import assert from "node:assert/strict";
import { before, test } from "node:test";
import { acceptLink, createLink, readLink } from "#lib/access/account-links.ts";
import { changeAccount, inviteUser, listAccounts } from "#lib/access/accounts.ts";
import { createToken, findToken } from "#lib/access/api-tokens.ts";
import { removeAccount, USER_COLUMNS } from "#lib/access/remove-account.ts";
import { findSession, openSession } from "#lib/access/sessions.ts";
import { signIn } from "#lib/access/sign-in.ts";
import { addAnnotation } from "#lib/annotations/annotations.ts";
import { ENDPOINTS } from "#lib/contract/endpoints.ts";
import { experimentSchema } from "#lib/contract/experiment-plans.ts";
import { type Permission, TOKEN_SCOPES } from "#lib/contract/permissions.ts";
import type { Role } from "#lib/contract/roles.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { createExperiment } from "#lib/experiments/write-experiments.ts";
import { createReport } from "#lib/reports/compose.ts";
import { createSchedule } from "#lib/reports/schedule.ts";
import { saveTemplate } from "#lib/reports/templates.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { callRoute, signInRoles } from "../support/api.ts";
import { addHost, freshDatabase } from "../support/database.ts";
import { setMailServer } from "../support/mail-server.ts";
import { addPerson } from "../support/people.ts";

const PASSWORD = "velvet otter piano 42 quarry";
const DEVICE = { userAgent: "Firefox", address: "192.0.2.7" };

let db: Database;

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  await addHost(db);
});

const problem = (type: string) => (error: unknown) => error instanceof DomainError && error.type === type;

type Answer = { account: { id: string; state: string }; link: { url: string; mailed: boolean } | null };
const post = async (path: string, body: unknown, id?: string) => {
  const response = await callRoute({ method: "post", path }, "", { role: "admin", body, id });
  return { status: response.status, answer: (await response.json()) as Answer };
};

test("whoever is invited chooses a password by a link that works once, and is then in", async () => {
  const { status, answer } = await post("/accounts", { email: "Ina@Example.org", role: "engineer" });
  assert.deepEqual([status, answer.account.state, answer.link?.mailed], [201, "invited", false]);
  await assert.rejects(signIn(db, { email: "ina@example.org", password: "" }, "192.0.2.1"), problem("unauthenticated"));
  const token = new URL(answer.link?.url ?? "").hash.slice(1);
  assert.ok(!answer.link?.url.split("#")[0]?.includes(token));
  const held = await callRoute({ method: "post", path: "/account-links/read" }, "", { body: { token } });
  assert.deepEqual(await held.json(), { email: "ina@example.org", name: "ina", is_new: true });
  const accept = (password: string) =>
    callRoute({ method: "post", path: "/account-links/accept" }, "", { body: { token, name: "Ina", password } });
  assert.equal((await accept("password1234")).status, 400);
  assert.equal((await accept(PASSWORD)).status, 200);
  assert.equal((await accept(PASSWORD)).status, 403);
  assert.equal((await signIn(db, { email: "ina@example.org", password: PASSWORD }, "192.0.2.1")).role, "engineer");
  assert.equal((await db.auditEvent.findFirst({ where: { action: "accounts.join" } }))?.email, "ina@example.org");
  assert.equal((await post("/accounts", { email: "INA@example.org", role: "viewer" })).status, 409);
});

test("a link that expired, that was replaced or whose account was disabled opens nothing; of two at once one gets in", async () => {
  const user = await inviteUser(db, { email: "leo@example.org", role: "viewer" });
  const now = Date.now();
  const first = await createLink(db, user.id, "invited", now);
  const second = await createLink(db, user.id, "invited", now);
  await assert.rejects(readLink(db, first.token, "198.51.100.1"), problem("forbidden"));
  await assert.rejects(readLink(db, second.token, "198.51.100.1", now + 8 * DAY_MS), problem("forbidden"));
  assert.doesNotMatch(JSON.stringify(await db.accountLink.findMany()), new RegExp(second.token));
  const both = await Promise.allSettled(
    [1, 2].map(() => acceptLink(db, { token: second.token, password: PASSWORD }, "198.51.100.1")),
  );
  assert.equal(both.filter(({ status }) => status === "fulfilled").length, 1);
  const third = await createLink(db, user.id, "reset");
  await changeAccount(db, user.id, { disabled: true });
  await assert.rejects(readLink(db, third.token, "198.51.100.1"), problem("forbidden"));
  for (let n = 0; n < 40; n++) await readLink(db, `guess ${n}`, "198.51.100.77").catch(() => undefined);
  await assert.rejects(readLink(db, "guess", "198.51.100.77"), problem("rate-limited"));
});

async function signedIn(role: Role) {
  const id = await addPerson(db, role);
  const session = await openSession(db, id, DEVICE);
  const { token } = await createToken(db, { id, role }, { name: "t", days: 1, scopes: ["metrics:read"] });
  const isIn = async () => [Boolean(await findSession(db, session)), Boolean(await findToken(db, token))];
  return { id, isIn };
}

test("an account that is disabled or reset is out at once, with its tokens; a changed role holds at once", async () => {
  const { id, isIn } = await signedIn("engineer");
  const patch = (body: unknown) =>
    callRoute({ method: "patch", path: "/accounts/{id}" }, "", { role: "admin", id, body });
  assert.deepEqual(await isIn(), [true, true]);
  assert.equal((await patch({ disabled: true })).status, 200);
  assert.deepEqual(await isIn(), [false, false]);
  const other = await signedIn("engineer");
  const { answer } = await post("/accounts/{id}/reset", {}, other.id);
  assert.ok(answer.link?.url.includes("/join#"));
  assert.deepEqual(await other.isIn(), [false, false]);
  const third = await signedIn("engineer");
  assert.equal(
    (await post("/accounts/{id}/reset", { password: "marble tundra 9 violins" }, third.id)).answer.link,
    null,
  );
  assert.deepEqual(await third.isIn(), [false, false]);
  const change = await db.auditEvent.findFirstOrThrow({
    where: { action: "accounts.update" },
    orderBy: { id: "desc" },
  });
  const details = change.details as Record<string, unknown>;
  assert.deepEqual([details["after.disabled"]], [true]);
});

test("the last administrator who can sign in cannot be taken away, also by two at once, nor by themselves", async () => {
  const { db: own } = await freshDatabase();
  const make = async (role: Role) => addPerson(own, role);
  const [a, b] = [await make("admin"), await make("admin")];
  await inviteUser(own, { email: "not.yet@example.org", role: "admin" });
  const outcomes = await Promise.allSettled([
    changeAccount(own, a, { role: "viewer" }),
    changeAccount(own, b, { disabled: true }),
  ]);
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  const left = (await listAccounts(own)).find(({ role, state }) => role === "admin" && state === "active");
  assert.ok(left);
  for (const change of [{ role: "operator" as const }, { disabled: true }])
    await assert.rejects(changeAccount(own, left.id, change), problem("conflict"));
  await assert.rejects(removeAccount(own, left.id, undefined), problem("conflict"));
  assert.equal((await listAccounts(own)).find(({ id }) => id === left.id)?.role, "admin");
});

test("what an account owns is handed over before it is deleted, and nothing names it any more but histories", async () => {
  const [id, heir] = [await addPerson(db, "analyst"), await addPerson(db, "analyst")];
  const now = Date.now();
  const author = { id, role: "analyst" as const };
  const plan = {
    key: "owned",
    name: "Owned",
    variants: [{ key: "a" }, { key: "b" }],
    metrics: [{ key: "m", event: "e", role: "primary" }],
  };
  await createExperiment(db, experimentSchema.parse(plan), { userId: id, now });
  await saveTemplate(db, { name: "Owned", sectionNames: ["capacity"], expressions: [], hostIds: [], days: 1 }, author);
  await createReport(db, { type: "executive", from: now - DAY_MS, to: now }, { userId: id, now });
  const schedule = {
    name: "Owned",
    type: "executive" as const,
    templateId: null,
    hostIds: [],
    days: 1,
    cron: "0 7 * * *",
    zone: "UTC",
  };
  await setMailServer(db);
  await createSchedule(
    db,
    { ...schedule, recipients: ["x@example.org"], roles: [], quiet: false },
    { userId: id, role: "analyst", now },
  );
  await addAnnotation(db, { hostId: null, at: new Date(), kind: "note", text: "mine" }, id);
  await assert.rejects(removeAccount(db, id, undefined), /owns something .*1 × report schedule/);
  await assert.rejects(removeAccount(db, id, id), problem("validation"));
  await assert.rejects(removeAccount(db, id, "0192b7a0-0000-7000-8000-000000000001"), problem("validation"));
  assert.equal(await db.experiment.count({ where: { ownerId: id } }), 1, "nothing is half done");
  const owned = await removeAccount(db, id, heir);
  assert.deepEqual(owned, {
    experiment: 1,
    "report template": 1,
    "report schedule": 1,
    "analytics report": 1,
    annotation: 1,
  });
  for (const [path, fate] of Object.entries(USER_COLUMNS)) {
    const [table, column] = path.split(".");
    const rows = await db.$queryRawUnsafe<unknown[]>(`SELECT 1 FROM "${table}" WHERE "${column}" = '${id}'`);
    if (fate !== "stays") assert.equal(rows.length, 0, path);
  }
  assert.equal(await db.user.findUnique({ where: { id } }), null);
});

test("every column that names a user has its fate", async () => {
  const rows = await db.$queryRaw<{ path: string }[]>`
    SELECT table_name || '.' || column_name AS path FROM information_schema.columns
    WHERE table_schema = 'public' AND udt_name = 'uuid' AND column_name <> 'id' ORDER BY 1`;
  assert.deepEqual(
    rows.map(({ path }) => path),
    Object.keys(USER_COLUMNS).sort(),
  );
});

const asToken = async (scopes: Permission[], role: Role = "admin") => {
  const id = await addPerson(db, role);
  const { token } = await createToken(db, { id, role }, { name: "t", days: 1, scopes });
  return { id, headers: { authorization: `Bearer ${token}` } };
};

test("a token reaches what its scopes hold and nothing else, and account management never", async () => {
  const { headers } = await asToken(["metrics:read"]);
  for (const endpoint of ENDPOINTS.filter(({ permission, method }) => permission !== "public" && method === "get")) {
    const response = await callRoute(endpoint, "", { headers, id: "1" });
    if (endpoint.permission === "metrics:read") assert.notEqual(response.status, 403, endpoint.path);
    else assert.equal(response.status, 403, `${endpoint.path}: ${await response.text()}`);
  }
  const all = await asToken(TOKEN_SCOPES);
  const legacy = await asToken(["metrics:read"]);
  await db.apiToken.updateMany({ where: { userId: legacy.id }, data: { scopes: [] } });
  for (const endpoint of ENDPOINTS.filter(({ permission }) => /^account/.test(permission)))
    for (const { headers: own } of [all, legacy])
      assert.equal((await callRoute(endpoint, "", { headers: own })).status, 403, endpoint.path);
  assert.equal((await callRoute({ method: "get", path: "/settings" }, "", { headers: legacy.headers })).status, 200);
});

test("a token holds no more than its owner's role does, now and when it is made", async () => {
  await assert.rejects(asToken(["audit:read"], "viewer"), /does not hold audit:read/);
  const { id, headers } = await asToken(["settings:read"]);
  const ask = async () => (await callRoute({ method: "get", path: "/settings" }, "", { headers })).status;
  assert.equal(await ask(), 200);
  await db.user.update({ where: { id }, data: { role: "viewer" } });
  assert.equal(await ask(), 403);
  const create = (body: unknown) =>
    callRoute({ method: "post", path: "/account/tokens" }, "", { role: "viewer", body });
  for (const body of [
    { name: "x", scopes: ["metrics:read"] },
    { name: "x", days: 1 },
    { name: "x", days: 1, scopes: [] },
    { name: "x", days: 1, scopes: ["account:manage"] },
  ])
    assert.equal((await create(body)).status, 400, JSON.stringify(body));
});
