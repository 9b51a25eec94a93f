import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnnotationInfo } from "#lib/annotations/annotations.ts";
import type { IncidentInfo } from "#lib/anomalies/list-incidents.ts";
import {
  bySureness,
  type Cause,
  chanceOfChange,
  changeCauses,
  processCauses,
  resourceCauses,
  sharedCauses,
  silenceCauses,
  statementCauses,
} from "#lib/incidents/causes.ts";
import { nextSteps } from "#lib/incidents/steps.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const START = Date.UTC(2026, 2, 2);
const first = (given: object = {}) =>
  ({
    metric: "cpu.usage",
    series: "cpu.usage",
    seriesId: 7,
    direction: "up",
    type: "shift",
    ...given,
  }) as IncidentInfo["anomalies"][number];

const change = (minutesBefore: number, given: Partial<AnnotationInfo> = {}): AnnotationInfo => ({
  ...{
    id: 1,
    hostId: 1,
    kind: "deploy",
    text: "Canary",
    service: "shop",
    version: "4.2.1",
    url: "https://example.org/42",
  },
  at: new Date(START - minutesBefore * MINUTE_MS),
  ...given,
});

test("a rare deploy shortly before is likely the cause, and the chance that it is not is said", () => {
  const [cause] = changeCauses([change(6)], START, 7 * DAY_MS);
  assert.deepEqual(
    [cause?.title, cause?.certainty, cause?.page],
    ["Deploy of shop 4.2.1, 6 min before", "likely", "https://example.org/42"],
  );
  assert.match(cause?.why ?? "", /There was 1 change in the 7 days before: .* probability of 0\.1 %/);
});

test("where there is a deploy each few minutes the one before says little, and what was long ago or came later says nothing", () => {
  const often = Array.from({ length: 300 }, (_, n) => change(6 + n * 33));
  assert.equal(changeCauses(often, START, 7 * DAY_MS)[0]?.certainty, "possible");
  const always = Array.from({ length: 500 }, (_, n) => change(6 + n));
  assert.equal(changeCauses(always, START, 500 * MINUTE_MS)[0]?.certainty, "weak");
  assert.equal(changeCauses([change(45)], START, 7 * DAY_MS)[0]?.certainty, "weak");
  assert.deepEqual(changeCauses([change(61), change(-1)], START, 7 * DAY_MS), []);
  assert.deepEqual(changeCauses([], START, 7 * DAY_MS), []);
  assert.equal(
    changeCauses([change(6, { kind: "note" })], START, 7 * DAY_MS)[0]?.certainty,
    "possible",
    "a note may tell of anything",
  );
});

test("the chance of a change is that of a Poisson process, between nothing and certainty", () => {
  assert.ok(Math.abs(chanceOfChange(10 * MINUTE_MS, 7, 7 * DAY_MS) - (1 - Math.exp(-10 / 1440))) < 1e-12);
  assert.equal(chanceOfChange(0, 0, DAY_MS), 0);
  assert.ok(chanceOfChange(HOUR_MS, 1e308, 0) <= 1);
});

const processes = (rows: [string, number, number][], rise = 100, measure: "cpu" | "memory" = "cpu") => ({
  ...{ measure, rise, from: new Date(START), to: new Date(START + MINUTE_MS) },
  rows: rows.map(([name, before, after]) => ({ name, container: "", unit: "", before, after })),
});

test("a process that took most of what all came to use more is likely the cause, of what processes bear on", () => {
  const found = processes([
    ["ffmpeg", 0, 80],
    ["nginx", 10, 14],
  ]);
  const [cause, ...rest] = processCauses(found, first(), 1);
  assert.deepEqual(
    [cause?.title, cause?.certainty, rest.length],
    ["Process ffmpeg began, and used 80.0 %", "likely", 0],
  );
  assert.equal(cause?.page, `/hosts/1?processes=${START}-${START + MINUTE_MS}`);
  assert.equal(processCauses(found, first({ metric: "postgres.response" }), 1)[0]?.certainty, "weak");
  assert.equal(processCauses(found, first({ direction: "down" }), 1)[0]?.certainty, "weak");
  assert.equal(processCauses(processes([["nginx", 10, 40]]), first(), 1)[0]?.certainty, "possible");
  assert.deepEqual(processCauses(processes([["nginx", 1, 2]], 1), first(), 1), [], "one percent of a core is nothing");
  assert.deepEqual(processCauses(processes([], 0), first(), 1), []);
  assert.deepEqual(processCauses(null, first(), 1), []);
});

test("a statement that took most of the database's time is likely the cause of a slow database only", () => {
  const row = { queryId: "1", text: "SELECT *\n  FROM orders", database: "shop", before: 0.1, after: 2 };
  const found = [{ serverId: 3, server: "orders", rise: 2, rows: [row] }];
  const [cause] = statementCauses(found, first({ metric: "postgres.response" }));
  assert.deepEqual(
    [cause?.title, cause?.certainty, cause?.page],
    ["Statement of orders took more time: SELECT * FROM orders", "likely", "/databases/3/queries"],
  );
  assert.equal(statementCauses(found, first())[0]?.certainty, "weak");
  assert.deepEqual(statementCauses([{ ...found[0], rows: [] } as never], first()), []);
});

const cpu = {
  ...{ kind: "cpu" as const, subject: "", resource: "CPU", utilisation: 97, headroom: 0.9, saturated: true },
  evidence: [{ label: "Used", value: 97, unit: "percent", seriesId: 7 }],
};

test("what was saturated is a possible cause where it moved first, and silence has a cause of its own", () => {
  assert.equal(resourceCauses([cpu], first(), "/hosts/1")[0]?.certainty, "possible");
  assert.equal(resourceCauses([cpu], first({ seriesId: 8 }), "/hosts/1")[0]?.certainty, "weak");
  assert.deepEqual(silenceCauses(first(), ""), []);
  assert.match(silenceCauses(first({ type: "no_data" }), "")[0]?.title ?? "", /host is off/);
});

test("what several hosts share is likely where all fell silent at once, and possible where all became unusual", () => {
  const others = ["a", "b", "b", "c", "d"].map((host) => ({ host }) as IncidentInfo);
  const [silent] = sharedCauses(others, true);
  assert.deepEqual([silent?.title, silent?.certainty], ["Something that it shares with 4 hosts", "likely"]);
  assert.match(silent?.why ?? "", /^a, b, c and 1 more became/);
  assert.equal(sharedCauses(others, false)[0]?.certainty, "possible");
  assert.equal(sharedCauses(others.slice(0, 1), true)[0]?.certainty, "weak");
  assert.deepEqual(sharedCauses([], true), []);
});

test("the surest cause stands first, and what to do next begins with what helped before and ends with where to look", () => {
  const causes = bySureness([
    ...resourceCauses([cpu], first(), "/hosts/1"),
    ...changeCauses([change(6)], START, 7 * DAY_MS),
    ...changeCauses([change(6, { id: 2 })], START, 7 * DAY_MS),
    ...(Array.from({ length: 9 }, (_, n) => ({ kind: "shared", certainty: "weak", title: String(n) })) as Cause[]),
  ]);
  assert.deepEqual(
    causes.slice(0, 2).map(({ kind, certainty }) => [kind, certainty]),
    [
      ["change", "likely"],
      ["resource", "possible"],
    ],
  );
  assert.equal(causes.length, 5);
  const where = { saturated: [cpu], hostPage: "/hosts/1?from=1&to=2" };
  const remedy = { text: "What helped before: a restart", page: "/x" };
  const steps = nextSteps(causes, { ...where, remedy });
  assert.deepEqual([steps[0], steps.at(-1)?.page, steps.length], [remedy, where.hostPage, 4]);
  const weak = causes.filter(({ certainty }) => certainty === "weak");
  assert.equal(nextSteps(weak, { ...where, remedy: undefined }).length, 2, "better than nothing");
  assert.equal(steps[1]?.page, "https://example.org/42");
  assert.deepEqual(
    nextSteps([], { ...where, saturated: [], remedy: undefined }).map(({ page }) => page),
    [where.hostPage],
  );
});
