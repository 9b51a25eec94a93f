import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { deviceToken, knownDevice } from "#lib/access/devices.ts";
import {
  changePassword,
  closeSession,
  findSession,
  listSessions,
  openSession,
  renewSession,
  rotateSession,
} from "#lib/access/sessions.ts";
import { completeSetup, issueSetupToken, needsSetup } from "#lib/access/setup.ts";
import { signIn } from "#lib/access/sign-in.ts";
import { createUser } from "#lib/access/users.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { HOUR_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";

const PASSWORD = "velvet otter piano 42 quarry";
const DEVICE = { userAgent: "Firefox", address: "192.0.2.7" };
let db: Database;

beforeEach(async () => {
  ({ db } = await freshDatabase());
});

const addAna = () => createUser(db, { email: "Ana@Example.org", password: PASSWORD, role: "engineer" });
const problem = (type: string) => (error: DomainError) => error instanceof DomainError && error.type === type;

test("an account signs in whatever the case of its address, and its name comes from it", async () => {
  const ana = await addAna();
  assert.deepEqual([ana.email, ana.name, ana.role], ["ana@example.org", "ana", "engineer"]);
  assert.deepEqual(await signIn(db, { email: " ANA@example.org ", password: PASSWORD }, "192.0.2.1"), ana);
});

test("a second account for an address, a weak password and no address are refused by field", async () => {
  await addAna();
  const field = (name: string) => (error: DomainError) => error.fields[0]?.field === name;
  await assert.rejects(createUser(db, { email: "ana@example.org", password: PASSWORD }), field("email"));
  await assert.rejects(createUser(db, { email: "bo@example.org", password: "password1234" }), field("password"));
  await assert.rejects(createUser(db, { email: "not an address", password: PASSWORD }));
  assert.equal(await db.user.count(), 1);
});

test("a wrong password, an unknown account and a disabled one are refused alike", async () => {
  const ana = await addAna();
  const refusal = async (email: string, password: string) => {
    const error = await signIn(db, { email, password }, "192.0.2.1").then(
      () => undefined,
      (e: DomainError) => e,
    );
    return [error?.type, error?.message];
  };
  const wrong = await refusal("ana@example.org", "wrong");
  assert.equal(wrong[0], "unauthenticated");
  assert.deepEqual(await refusal("nobody@example.org", "wrong"), wrong);
  await db.user.update({ where: { id: ana.id }, data: { disabledAt: new Date() } });
  assert.deepEqual(await refusal("ana@example.org", PASSWORD), wrong);
});

test("an unknown account takes as much work as a known one", async () => {
  await addAna();
  const median = async (email: string) => {
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      const began = process.cpuUsage();
      await signIn(db, { email, password: "wrong" }, `192.0.2.${i}`).catch(() => undefined);
      const { user } = process.cpuUsage(began);
      times.push(user);
    }
    return times.sort((a, b) => a - b)[1] as number;
  };
  await median("warm@example.org");
  const [existing, unknown] = [await median("ana@example.org"), await median("nobody@example.org")];
  // Without the decoy hash an unknown account would cost a twentieth.
  assert.ok(unknown > existing / 3, `${unknown} µs against ${existing} µs`);
});

test("five wrong passwords lock an account for a while, known or not; the right one is refused meanwhile", async () => {
  await addAna();
  for (const email of ["ana@example.org", "nobody@example.org"]) {
    for (let i = 0; i < 5; i++)
      await assert.rejects(signIn(db, { email, password: "wrong" }, "192.0.2.1"), problem("unauthenticated"));
    await assert.rejects(signIn(db, { email, password: PASSWORD }, "192.0.2.1"), (error: DomainError) => {
      assert.equal(error.type, "locked");
      assert.ok((error.retryAfterSeconds ?? 0) > 50 && (error.retryAfterSeconds ?? 0) <= 60);
      return true;
    });
  }
  await db.signInFailure.updateMany({ data: { lockedUntil: new Date(Date.now() - 1) } });
  await signIn(db, { email: "ana@example.org", password: PASSWORD }, "192.0.2.1");
  assert.equal(await db.signInFailure.count(), 1, "success forgets the failures");
});

test("an address that tries too often waits, whatever account it tries; right ones do not add up", async () => {
  await addAna();
  for (let i = 0; i < 35; i++) await signIn(db, { email: "ana@example.org", password: PASSWORD }, "192.0.2.8");
  for (let i = 0; i < 30; i++) {
    await assert.rejects(
      signIn(db, { email: `user${i}@example.org`, password: "x" }, "192.0.2.9"),
      problem("unauthenticated"),
    );
  }
  await assert.rejects(
    signIn(db, { email: "ana@example.org", password: PASSWORD }, "192.0.2.9"),
    problem("rate-limited"),
  );
  await signIn(db, { email: "ana@example.org", password: PASSWORD }, "192.0.2.10");
});

test("nobody's wrong passwords lock another out: each is locked where they are", async () => {
  await addAna();
  const guess = (address: string) =>
    signIn(db, { email: "ana@example.org", password: "wrong" }, address).catch((e: DomainError) => e.type);
  for (let i = 0; i < 5; i++) assert.equal(await guess("198.51.100.66"), "unauthenticated");
  assert.equal(await guess("198.51.100.66"), "locked");
  await signIn(db, { email: "ana@example.org", password: PASSWORD }, "192.0.2.20");
});

test("a guesser with many addresses is slowed, and a device that was in the account before gets in all the same", async () => {
  const ana = await addAna();
  const informed: string[] = [];
  const onGuessing = async (user: { email: string }) => void informed.push(user.email);
  const from = (n: number) => `2001:db8:0:${n.toString(16)}::1`;
  const outcomes: string[] = [];
  for (let n = 0; n < 40; n++)
    outcomes.push(
      await signIn(db, { email: ana.email, password: "wrong" }, from(n), { onGuessing }).then(
        () => "in",
        (e: DomainError) => e.type,
      ),
    );
  assert.deepEqual(
    [outcomes[0], outcomes[29], outcomes[30], outcomes[39]],
    ["unauthenticated", "unauthenticated", "locked", "locked"],
  );
  await assert.rejects(signIn(db, { email: ana.email, password: PASSWORD }, from(50)), problem("locked"));
  const token = deviceToken(ana.email, "secret");
  const deviceOf = (email: string) => knownDevice(token, email, "secret");
  await signIn(db, { email: ana.email, password: PASSWORD }, from(51), { deviceOf });
  assert.deepEqual(informed, [ana.email], "its owner is told once");
  // The device has a budget of its own, and is of this account only.
  for (let n = 0; n < 5; n++)
    await signIn(db, { email: ana.email, password: "wrong" }, from(52), { deviceOf }).catch(() => undefined);
  await assert.rejects(signIn(db, { email: ana.email, password: PASSWORD }, from(52), { deviceOf }), problem("locked"));
  assert.equal(knownDevice(token, "bo@example.org", "secret"), undefined);
  assert.equal(knownDevice(token, ana.email, "another"), undefined);
  assert.equal(knownDevice("nonsense", ana.email, "secret"), undefined);
});

test("the present password cannot be guessed from a session that was left open", async () => {
  const { id: userId } = await addAna();
  const session = await findSession(db, await openSession(db, userId, DEVICE));
  assert.ok(session);
  const change = (current: string) => changePassword(db, session, { current, next: "marble tundra 9 violins" });
  for (let i = 0; i < 5; i++) await assert.rejects(change("wrong"), problem("validation"));
  await assert.rejects(change(PASSWORD), problem("locked"));
});

test("a session ends when it is closed, when it is not used, and with its account", async () => {
  const { id: userId } = await addAna();
  const now = Date.now();
  const open = () => openSession(db, userId, DEVICE, now);
  const [closed, idle, kept] = [await open(), await open(), await open()];
  await closeSession(db, userId, closed);
  assert.equal(await findSession(db, closed), undefined);
  const later = now + 11 * HOUR_MS;
  assert.equal(await renewSession(db, kept, later), true);
  const muchLater = now + 13 * HOUR_MS;
  assert.equal(await findSession(db, idle, muchLater), undefined);
  assert.equal(await renewSession(db, idle, muchLater), false);
  assert.equal((await findSession(db, kept, muchLater))?.user.email, "ana@example.org");
  await db.user.update({ where: { id: userId }, data: { disabledAt: new Date() } });
  assert.equal(await findSession(db, kept, muchLater), undefined);
});

test("a cookie from before a rotation holds for a minute, for pages that were sending it; then it ends the session for whoever copied it", async () => {
  const { id: userId } = await addAna();
  const now = Date.now();
  const id = await openSession(db, userId, DEVICE, now);
  assert.equal(await rotateSession(db, id, 0, now), 1);
  const isIn = async (rotation: number, at: number) => (await findSession(db, id, at, rotation)) !== undefined;
  assert.deepEqual([await isIn(0, now + 30_000), await isIn(1, now + 30_000)], [true, true]);
  assert.equal(await rotateSession(db, id, 0, now + 30_000), 1, "a second page gets the newest, and makes none");
  const both = await Promise.all([rotateSession(db, id, 1, now + 40_000), rotateSession(db, id, 1, now + 40_000)]);
  assert.deepEqual(both, [2, 2]);
  assert.equal(await isIn(2, now + 200_000), true);
  assert.equal(await isIn(1, now + 200_000), false);
  assert.equal(await isIn(2, now + 200_000), false, "the session has ended for both");
  assert.ok(await db.auditEvent.findFirst({ where: { action: "session ended: an old cookie was used" } }));
});

test("a session ends after its longest time however much it is used", async () => {
  const { id: userId } = await addAna();
  const now = Date.now();
  const id = await openSession(db, userId, DEVICE, now);
  let [at, rotation] = [now, 0];
  for (; at < now + 40 * 24 * HOUR_MS; at += 6 * HOUR_MS) {
    const next = await rotateSession(db, id, rotation, at);
    if (next === undefined) break;
    rotation = next;
  }
  assert.equal(at - now, 30 * 24 * HOUR_MS);
});

test("nobody closes another's session", async () => {
  const { id: userId } = await addAna();
  const other = await createUser(db, { email: "bo@example.org", password: PASSWORD });
  const id = await openSession(db, userId, DEVICE);
  await closeSession(db, other.id, id);
  assert.ok(await findSession(db, id));
});

test("a changed role holds for sessions that are open", async () => {
  const { id: userId } = await addAna();
  const id = await openSession(db, userId, DEVICE);
  await db.user.update({ where: { id: userId }, data: { role: "viewer" } });
  assert.equal((await findSession(db, id))?.user.role, "viewer");
});

test("a new password needs the present one, keeps this browser and signs the others out", async () => {
  const { id: userId } = await addAna();
  const [here, there] = [await openSession(db, userId, DEVICE), await openSession(db, userId, DEVICE)];
  const session = await findSession(db, here);
  assert.ok(session);
  await assert.rejects(
    changePassword(db, session, { current: "wrong", next: "another fine password 77" }),
    (e: DomainError) => e.fields[0]?.field === "current",
  );
  await assert.rejects(
    changePassword(db, session, { current: PASSWORD, next: "password1234" }),
    (e: DomainError) => e.fields[0]?.field === "next",
  );
  await changePassword(db, session, { current: PASSWORD, next: "marble tundra 9 violins" });
  assert.deepEqual(
    (await listSessions(db, userId)).map((s) => s.id),
    [here],
  );
  assert.equal(await findSession(db, there), undefined);
  await signIn(db, { email: "ana@example.org", password: "marble tundra 9 violins" }, "192.0.2.1");
});

const SETUP = { email: "root@example.org", name: "Root", password: PASSWORD };

test("set-up makes one administrator with the token of the terminal, in any case, and uses it up", async () => {
  assert.equal(await needsSetup(db), true);
  const old = await issueSetupToken(db);
  const token = await issueSetupToken(db);
  assert.match(token, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  await assert.rejects(completeSetup(db, { ...SETUP, token: old }, "192.0.2.1"), problem("forbidden"));
  await assert.rejects(completeSetup(db, { ...SETUP, token: "" }, "192.0.2.1"), problem("forbidden"));
  await assert.rejects(
    completeSetup(db, { ...SETUP, token, password: "password1234" }, "192.0.2.1"),
    problem("validation"),
  );
  assert.equal(await needsSetup(db), true);
  assert.equal((await completeSetup(db, { ...SETUP, token: ` ${token.toLowerCase()} ` }, "192.0.2.1")).role, "admin");
  assert.equal(await needsSetup(db), false);
  await assert.rejects(
    completeSetup(db, { ...SETUP, email: "two@example.org", token }, "192.0.2.1"),
    problem("conflict"),
  );
});

test("two set-ups at once make one administrator", async () => {
  const token = await issueSetupToken(db);
  const outcomes = await Promise.allSettled(
    ["a", "b"].map((name) => completeSetup(db, { ...SETUP, email: `${name}@example.org`, token }, "192.0.2.1")),
  );
  assert.equal(outcomes.filter((o) => o.status === "fulfilled").length, 1);
  assert.equal(await db.user.count(), 1);
});
