import assert from "node:assert/strict";
import { test } from "node:test";
import { everyMs, lastTime } from "#components/time/query-time.ts";
import { addressTime, apiTime, goesOn, instantsOf, type TimeAddress, timeKey } from "#components/time/shown-time.ts";
import { HOUR_MS, SECOND_MS } from "#lib/time/durations.ts";

const NOW = Date.parse("2026-11-25T10:30:00Z");
const shownOf = (address: TimeAddress, usualFrom?: string) =>
  addressTime(address, { own: "Europe/Berlin", usualFrom, now: NOW });

test("an address without a range shows what the page shows by itself, in the reader's zone", () => {
  assert.deepEqual(shownOf({}), { shown: { from: "now-1h", to: "now", zone: "Europe/Berlin" }, problem: undefined });
  assert.equal(shownOf({ from: "", to: null }, "now-24h").shown.from, "now-24h");
  assert.equal(shownOf({ from: "now-6h" }).shown.to, "now");
});

test("a zone is the one that the address names, where there is such", () => {
  const zoneOf = (timezone: string) => shownOf({ timezone }).shown.zone;
  assert.deepEqual(["utc", "UTC", "browser", "Asia/Kolkata", "Mars/Olympus", "+01:00"].map(zoneOf), [
    ...["UTC", "UTC", "Europe/Berlin", "Asia/Kolkata", "Europe/Berlin", "Europe/Berlin"],
  ]);
});

test("a range that is none is named, and the page shows its own", () => {
  for (const address of [{ from: "foo" }, { to: "now-2h" }, { from: "1763971200" }, { from: "now", to: "now" }]) {
    const { shown, problem } = shownOf(address);
    assert.ok(problem);
    assert.equal(shown.from, "now-1h");
  }
});

test("a plus that an address has as it is, and a space before a time, are read as they were meant", () => {
  const instantOf = (from: string) => instantsOf(shownOf({ from, to: "now 1h" }).shown, NOW);
  assert.equal(instantOf("2026-11-24T09:00:00 05:30").from, Date.parse("2026-11-24T09:00:00+05:30"));
  assert.equal(instantOf("2026-11-24 09:00").from, Date.parse("2026-11-24T09:00:00+01:00"));
  assert.equal(instantOf("now-1h").to, NOW + HOUR_MS);
});

test("server and browser ask by the same key, whatever the instant is; the zone is of it only where it matters", () => {
  const hours = shownOf({ from: "now-6h" }).shown;
  assert.deepEqual(timeKey(hours), ["now-6h", "now"]);
  assert.deepEqual(timeKey(shownOf({ from: "now/d" }).shown), ["now/d", "now", "Europe/Berlin"]);
  assert.deepEqual(apiTime(hours, NOW), apiTime(hours, NOW + HOUR_MS));
  assert.equal(goesOn(hours), true);
  assert.equal(goesOn(shownOf({ from: "now-2h", to: "now-1h" }).shown), false);
});

test("a range is asked anew as often as it has something new to show", () => {
  assert.equal(everyMs(HOUR_MS, 5 * SECOND_MS, SECOND_MS), 15 * SECOND_MS);
  assert.equal(everyMs(60 * SECOND_MS, 5 * SECOND_MS, SECOND_MS), 5 * SECOND_MS);
  assert.equal(everyMs(60 * SECOND_MS, 5 * SECOND_MS, 15 * SECOND_MS), 15 * SECOND_MS);
  const day = lastTime("24h");
  assert.deepEqual([day.key, day.range(), day.every(7)], [["now-24h", "now"], { from: "now-24h", to: "now" }, 7]);
});
