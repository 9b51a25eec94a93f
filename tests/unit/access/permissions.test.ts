import assert from "node:assert/strict";
import { test } from "node:test";
import { isOwnOrigin } from "#lib/access/origin.ts";
import { hashPassword, passwordProblem, verifyPassword } from "#lib/access/password.ts";
import { lockSeconds } from "#lib/access/throttle.ts";
import { readCookie } from "#lib/access/token.ts";
import { may, PERMISSIONS, rolesWith } from "#lib/contract/permissions.ts";
import { ROLES } from "#lib/contract/roles.ts";

/** What agents and inputs may do with their own host. */
const OF_PROGRAMS: string[] = ["agents:report", "inputs:send"] satisfies (keyof typeof PERMISSIONS)[];

test("nobody who is not signed in may do anything but what is public", () => {
  for (const permission of Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[]) {
    assert.equal(may(undefined, permission), permission === "public", permission);
  }
});

test("an administrator holds every right but those of agents and inputs, which no role has, and only they change settings", () => {
  for (const permission of Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[])
    assert.equal(may("admin", permission), !OF_PROGRAMS.includes(permission), permission);
  for (const permission of OF_PROGRAMS) assert.deepEqual(rolesWith(permission as keyof typeof PERMISSIONS), []);
  assert.deepEqual(
    ROLES.filter((role) => may(role, "settings:write")),
    ["admin"],
  );
  assert.deepEqual(
    ROLES.filter((role) => may(role, "settings:read")),
    ["admin", "operator"],
  );
  assert.deepEqual(rolesWith("metrics:read"), ROLES);
});

test("short, breached and personal passwords are refused with a reason", async () => {
  assert.match((await passwordProblem("short")) ?? "", /at least 12/);
  assert.match((await passwordProblem("x".repeat(200))) ?? "", /at most 128/);
  assert.match((await passwordProblem("password1234")) ?? "", /breached|guessed/);
  assert.match((await passwordProblem("qwertyuiop12")) ?? "", /breached|guessed/);
  assert.match((await passwordProblem("ana.administrator", ["ana.administrator@example.org"])) ?? "", /guessed/);
  assert.equal(await passwordProblem("velvet otter piano 42 quarry"), undefined);
});

test("passwords are kept as argon2id, and an unknown account takes as long as a known one", async () => {
  const hash = await hashPassword("velvet otter piano 42 quarry");
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await verifyPassword(hash, "velvet otter piano 42 quarry"), true);
  assert.equal(await verifyPassword(hash, "velvet otter piano 42 quarrx"), false);
  assert.equal(await verifyPassword(null, "no account has this password"), false);
});

test("a lock begins with the fifth failure, doubles, and ends within an hour", () => {
  assert.deepEqual([1, 4, 5, 6, 7, 12, 100].map(lockSeconds), [0, 0, 60, 120, 240, 3600, 3600]);
});

test("a cookie is found among others and decoded", () => {
  assert.equal(readCookie("a=1; sightline.session=x%3Dy; b=2", "sightline.session"), "x=y");
  assert.equal(readCookie("xsightline.session=1", "sightline.session"), undefined);
  assert.equal(readCookie(undefined, "a"), undefined);
});

test("only our own pages may open sockets and change things", () => {
  const own = (origin: string, publicUrl?: string) => isOwnOrigin(origin, "portal:3000", publicUrl);
  assert.equal(own("http://portal:3000"), true);
  assert.equal(own("http://evil.example"), false);
  assert.equal(own("null"), false);
  assert.equal(own("https://watch.example"), false);
  assert.equal(own("https://watch.example", "https://watch.example/"), true);
});
