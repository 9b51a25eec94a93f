import assert from "node:assert/strict";
import { test } from "node:test";
import { type OnCallPlan, onCallAt, shiftsOf } from "#lib/alerts/on-call/rotation.ts";
import { occurrenceAt } from "#lib/alerts/recurrence.ts";
import { matchedRoutes } from "#lib/alerts/routing.ts";
import type { Route } from "#lib/contract/alert-routing.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";

const layer = (members: string[], more: object = {}): OnCallPlan["layers"][number] => ({
  ...{ members, startsOn: "2026-03-23", handover: "09:00", everyDays: 7, days: [], from: undefined, to: undefined },
  ...more,
});
const who = (plan: OnCallPlan, at: string, overrides: Parameters<typeof onCallAt>[1] = []) =>
  onCallAt(plan, overrides, Date.parse(at))?.userId ?? "nobody";

test("shifts change hands at the time that clocks show, over a change of clocks too", () => {
  const berlin: OnCallPlan = { zone: "Europe/Berlin", layers: [layer(["ana", "bo"])] };
  assert.equal(who(berlin, "2026-03-23T07:59:00Z"), "nobody", "it has not begun");
  assert.equal(who(berlin, "2026-03-23T08:00:00Z"), "ana");
  assert.equal(who(berlin, "2026-03-30T06:59:00Z"), "ana");
  assert.equal(who(berlin, "2026-03-30T07:00:00Z"), "bo", "9 o'clock in summer");
  assert.equal(who(berlin, "2026-04-06T07:00:00Z"), "ana");
  const island: OnCallPlan = { zone: "Australia/Lord_Howe", layers: [layer(["ana", "bo"])] };
  assert.equal(who(island, "2026-04-05T22:29:00Z"), "bo");
  assert.equal(who(island, "2026-04-05T22:30:00Z"), "ana", "half an hour was put back on the fifth of April");
});

test("the last layer that covers counts, a night goes over midnight, and an override comes first", () => {
  const plan: OnCallPlan = {
    zone: "Asia/Kolkata",
    layers: [layer(["day"]), layer(["night"], { from: "22:00", to: "06:00", days: [5] })],
  };
  const local = (time: string) => `${time}+05:30`;
  assert.equal(who(plan, local("2026-03-27T21:59:00")), "day");
  assert.equal(who(plan, local("2026-03-27T22:00:00")), "night", "a Friday");
  assert.equal(who(plan, local("2026-03-28T05:59:00")), "night");
  assert.equal(who(plan, local("2026-03-28T06:00:00")), "day");
  assert.equal(who(plan, local("2026-03-28T23:00:00")), "day", "a Saturday");
  const override = {
    userId: "eve",
    from: Date.parse(local("2026-03-27T23:00:00")),
    to: Date.parse(local("2026-03-28T01:00:00")),
  };
  assert.equal(who(plan, local("2026-03-28T00:00:00"), [override]), "eve");
  const shifts = shiftsOf(
    plan,
    [override],
    Date.parse(local("2026-03-27T12:00:00")),
    Date.parse(local("2026-03-28T12:00:00")),
  );
  assert.deepEqual(
    shifts.map(({ userId, from, to }) => [userId, (to - from) / HOUR_MS]),
    [
      ["day", 10],
      ["night", 1],
      ["eve", 2],
      ["night", 5],
      ["day", 6],
    ],
  );
});

test("a maintenance window comes on its days at its time, and lasts as long as ever when clocks change", () => {
  const sundays = { at: "01:30", durationMs: 2 * HOUR_MS, weekdays: [7], monthDays: [], zone: "Europe/Berlin" };
  const at = (time: string) => occurrenceAt(sundays, Date.parse(time));
  const begins = (time: string) => new Date(at(time)?.from ?? 0).toISOString();
  assert.equal(begins("2026-03-24T12:00:00Z"), "2026-03-29T00:30:00.000Z");
  assert.equal((at("2026-03-29T01:00:00Z")?.to ?? 0) - (at("2026-03-29T01:00:00Z")?.from ?? 0), 2 * HOUR_MS);
  assert.equal(begins("2026-03-29T02:30:00Z"), "2026-04-04T23:30:00.000Z", "it is over to the minute");
  const last = { ...sundays, weekdays: [], monthDays: [31], durationMs: DAY_MS };
  assert.equal(
    new Date(occurrenceAt(last, Date.parse("2026-04-02T00:00:00Z"))?.from ?? 0).getUTCMonth(),
    4,
    "April has no 31st",
  );
  assert.equal(
    occurrenceAt({ ...sundays, weekdays: [], monthDays: [30] }, Date.parse("2046-02-01T00:00:00Z"))?.from,
    Date.parse("2046-03-30T01:30:00+02:00"),
  );
});

test("an alert goes the way of the first route that matches, and on where that says so", () => {
  const route = (name: string, matchers: string, more: Partial<Route> = {}): Route => ({
    ...{ name, matchers, continue: false, steps: [], routes: [] },
    ...more,
  });
  const step = (id: number) => [{ afterMs: 0, channelIds: [id], everyChannel: false }];
  const tree = route("all", "", {
    ...{ steps: step(1), repeatMs: 5 },
    routes: [
      route("audit", 'severity=~".+"', { continue: true, steps: step(9) }),
      route("db", 'host=~"db-.*"', {
        steps: step(2),
        routes: [route("critical", 'severity="critical"', { repeatMs: 0 }), route("never", 'severity="x"')],
      }),
      route("second", 'host="db-1"', { steps: step(3) }),
    ],
  });
  const paths = (labels: Record<string, string>) =>
    matchedRoutes(tree, labels).map(({ path, steps, repeatMs }) => [path, steps[0]?.channelIds[0], repeatMs]);
  assert.deepEqual(paths({ host: "db-1", severity: "critical" }), [
    ["all / audit", 9, 5],
    ["all / db / critical", 2, 0],
  ]);
  assert.deepEqual(paths({ host: "db-1" }), [["all / db", 2, 5]]);
  assert.deepEqual(paths({ host: "web" }), [["all", 1, 5]]);
  assert.deepEqual(paths({}), [["all", 1, 5]]);
});
