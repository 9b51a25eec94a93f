import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { readAnchors } from "#lib/audit/anchors.ts";
import { checkTrail } from "#lib/audit/check.ts";
import { RepeatedEvents } from "#lib/audit/repeated.ts";
import { recordAuditEvent } from "#lib/audit/trail.ts";
import type { Database } from "#lib/db/client.ts";
import { getRoute, signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";

const dir = mkdtempSync(join(tmpdir(), "sightline-audit-"));
const file = join(dir, "audit-anchors");
let db: Database;

beforeEach(async () => {
  process.env.DATA_DIR = dir;
  rmSync(file, { force: true });
  ({ db } = await freshDatabase());
});
after(() => {
  delete process.env.DATA_DIR;
  rmSync(dir, { recursive: true });
});

const event = (n: number) => ({
  userId: null,
  email: "ana@example.org",
  action: "settings.update",
  subject: `change ${n}`,
  now: 1_700_000_000_000 + n,
});

async function recordSome(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await recordAuditEvent(db, event(n));
}

test("a tail that is cut off in the database, a trail that is emptied and one that is replaced are found", async () => {
  await recordSome(6);
  assert.deepEqual(await checkTrail(db), { entries: 6, broken: null });
  const rows = await db.auditEvent.findMany({ orderBy: { id: "asc" } });
  await db.auditEvent.deleteMany({ where: { id: { gt: rows[3]?.id ?? 0 } } });
  const cut = await checkTrail(db);
  assert.deepEqual([cut.broken, /end of the trail was cut off/.test(cut.problem ?? "")], [rows[4]?.id, true]);
  await db.auditEvent.deleteMany();
  assert.match((await checkTrail(db)).problem ?? "", /and 5 others .* are missing/);
  // Whoever has the portal's key too makes another trail of the same length.
  const noted = readFileSync(file, "utf8");
  for (const [n, { id }] of rows.entries()) {
    await recordAuditEvent(db, { ...event(n), email: "nobody@example.org" });
    const { id: made } = await db.auditEvent.findFirstOrThrow({ orderBy: { id: "desc" } });
    await db.auditEvent.update({ where: { id: made }, data: { id } });
  }
  rmSync(file);
  appendFileSync(file, noted);
  assert.match((await checkTrail(db)).problem ?? "", /the trail was replaced/);
});

test("a chain that is made anew without the portal's key is found, and one of another portal is not called forged", async () => {
  await recordSome(3);
  const secret = process.env.NEXTAUTH_SECRET;
  process.env.NEXTAUTH_SECRET = "another portal's";
  try {
    assert.match((await checkTrail(db, [])).problem ?? "", /written by a portal with another secret/);
  } finally {
    process.env.NEXTAUTH_SECRET = secret;
  }
  const { createHash } = await import("node:crypto");
  const [first] = await db.auditEvent.findMany({ orderBy: { id: "asc" } });
  const forged = createHash("sha256").update("anything").digest("hex");
  await db.auditEvent.update({ where: { id: first?.id ?? 0 }, data: { email: "nobody@example.org", hash: forged } });
  assert.equal((await checkTrail(db, [])).broken, first?.id);
});

test("a note that a kill cut off, or that is no note, hides nothing", async () => {
  await recordSome(2);
  appendFileSync(file, '{"id":3,"ha\nnonsense\n\n');
  assert.equal(readAnchors(file).length, 2);
  assert.equal((await checkTrail(db)).broken, null);
});

test("what happens again and again is one event and its number, for each kind; a flood of kinds fills nothing", async () => {
  const repeated = new RepeatedEvents(() => db, 3_600_000);
  for (let n = 0; n < 50; n++) await repeated.record(event(1));
  await repeated.record(event(2));
  assert.equal(await db.auditEvent.count(), 2);
  await repeated.flush();
  const last = await db.auditEvent.findFirstOrThrow({ where: { subject: "change 1" }, orderBy: { id: "desc" } });
  assert.deepEqual([await db.auditEvent.count(), last.details], [3, { again: 49 }]);
  await Promise.all(Array.from({ length: 700 }, (_, n) => repeated.record(event(n))));
  assert.ok((await db.auditEvent.count()) < 3 + 510, `${await db.auditEvent.count()}`);
});

test("an account sees who signed in to it or tried to, and nobody else's", async () => {
  const { db, url } = await freshDatabase();
  await signInRoles(db, url);
  const at = Date.now() - 60_000;
  const event = { userId: null, details: { address: "198.51.100.7" } };
  const denied = { ...event, action: "sign-in denied: unauthenticated" };
  await recordAuditEvent(db, { ...denied, email: "Viewer@example.org", now: at });
  await recordAuditEvent(db, {
    ...denied,
    details: { address: "198.51.100.7", again: 6 },
    email: "viewer@example.org",
    now: at + 1,
  });
  await recordAuditEvent(db, { ...denied, email: "admin@example.org", now: at + 2 });
  await recordAuditEvent(db, { ...event, action: "sign-in", email: "viewer@example.org", now: at + 3 });
  await recordAuditEvent(db, { ...event, action: "reports.create", email: "viewer@example.org", now: at + 4 });
  const rows = (await (await getRoute("/account/sign-ins")).json()) as { refused?: string; count: number }[];
  assert.deepEqual(
    rows.map(({ refused, count }) => [refused, count]),
    [
      [undefined, 1],
      ["unauthenticated", 6],
      ["unauthenticated", 1],
    ],
  );
});
