import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestLimits } from "#lib/access/request-limits.ts";
import { DEFAULT_SETTINGS } from "#lib/contract/settings.ts";
import { openDatabase } from "#lib/db/client.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";

const SETTINGS = { ...DEFAULT_SETTINGS, rate_limit_address_per_minute: 200 };

/** How many of so many requests in a row were served; between them the answers of the database come. */
async function served(limits: RequestLimits, count: number, address = "192.0.2.7"): Promise<number> {
  let passed = 0;
  for (let n = 0; n < count; n++) {
    try {
      limits.take("address", address);
      passed++;
    } catch (error) {
      assert.match((error as Error).message, /More than 200 requests a minute from this address: wait/);
    }
    await new Promise((resolve) => setTimeout(resolve, n % 10 === 9 ? 10 : 0));
  }
  return passed;
}

test("processes count together: what one has served another no longer serves, within a batch", async () => {
  const { db } = await freshDatabase();
  const [first, second] = [new RequestLimits(db), new RequestLimits(db)];
  first.use(SETTINGS);
  second.use(SETTINGS);
  assert.equal(await served(first, 150), 150);
  const more = await served(second, 150);
  assert.ok(more >= 40 && more <= 100, `${more}`);
  assert.equal(await served(second, 10, "192.0.2.8"), 10, "another address");
  assert.equal(await served(second, 1, "2001:db8:1:2:3::1"), 1);
  assert.ok((await db.rateLimiterFlexible.count()) >= 1);
});

test("an IPv6 customer is counted by the /64, and a minute later anyone is served again", async () => {
  const { db } = await freshDatabase();
  let now = 0;
  const limits = new RequestLimits(db, () => now);
  limits.use(SETTINGS);
  let passed = 0;
  for (let n = 0; n < 300; n++)
    try {
      limits.take("address", `2001:db8:0:1::${n.toString(16)}`);
      passed++;
    } catch {}
  assert.equal(passed, 200);
  now = 2 * MINUTE_MS;
  limits.take("address", "2001:db8:0:1::1");
});

test("while the database is away each process holds the limit for itself, and many addresses cost no memory without end", async () => {
  const limits = new RequestLimits(openDatabase("postgresql://nobody@127.0.0.1:9/none"));
  limits.use(SETTINGS);
  assert.equal(await served(limits, 250), 200);
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 300_000; n++) limits.take("address", `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
  assert.ok(process.memoryUsage().heapUsed - before < 100 * 1024 ** 2);
});
