import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TimeFormat } from "#lib/format/date-time.ts";
import { rangeText } from "#lib/format/range-text.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { addUnits, endOf, RANGE_UNITS, startOf } from "#lib/time/range/calendar-units.ts";
import { comparedRange, lastRange, movedRange, rangeBetween, widerRange } from "#lib/time/range/moves.ts";
import { apiRange, endsNow, isAnchored, type RangeText, resolveRange } from "#lib/time/range/range.ts";
import { parseRangeWords } from "#lib/time/range/words.ts";

/** A Wednesday, 11:30 in Berlin. */
const NOW = Date.parse("2026-11-25T10:30:00Z");
const BERLIN = { now: NOW, zone: "Europe/Berlin" };
const ZONES = ["UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia"];

const clock = (at: number, zone: string) => new TimeFormat({ zone, hour12: false, monthFirst: false }).input(at);

/** What a range is in its reader's zone, or what is said against it. */
function shown(range: RangeText | { problem: string }, reading = BERLIN): string {
  if ("problem" in range) return range.problem;
  const instants = resolveRange(range, reading);
  if ("problem" in instants) return instants.problem;
  return `${clock(instants.from, reading.zone)} ${clock(instants.to, reading.zone)}`;
}

const words = (text: string, reading = BERLIN) => shown(parseRangeWords(text, reading), reading);

test("what people type is the range that they mean", () => {
  const meant: Record<string, string> = {
    "last monday 9am to now": "2026-11-23T09:00 2026-11-25T11:30",
    yesterday: "2026-11-24T00:00 2026-11-25T00:00",
    today: "2026-11-25T00:00 2026-11-25T11:30",
    "past 3 hours": "2026-11-25T08:30 2026-11-25T11:30",
    "2h": "2026-11-25T09:30 2026-11-25T11:30",
    "1h 30m": "2026-11-25T10:00 2026-11-25T11:30",
    "1.5 hours": "2026-11-25T10:00 2026-11-25T11:30",
    "6M": "2026-05-25T11:30 2026-11-25T11:30",
    "last month": "2026-10-01T00:00 2026-11-01T00:00",
    "past month": "2026-10-25T11:30 2026-11-25T11:30",
    "last hour": "2026-11-25T10:30 2026-11-25T11:30",
    "This Week": "2026-11-23T00:00 2026-11-25T11:30",
    "last week": "2026-11-16T00:00 2026-11-23T00:00",
    "2026-11-02 to 2026-11-05 14:00": "2026-11-02T00:00 2026-11-05T14:00",
    "2026-11-02T14:00-05:00 to now": "2026-11-02T20:00 2026-11-25T11:30",
    "nov 3": "2026-11-03T00:00 2026-11-04T00:00",
    "3rd of November 2025": "2025-11-03T00:00 2025-11-04T00:00",
    "3.11.": "2026-11-03T00:00 2026-11-04T00:00",
    "dec 30 to jan 3": "2025-12-30T00:00 2026-01-04T00:00",
    wednesday: "2026-11-25T00:00 2026-11-26T00:00",
    "last wednesday": "2026-11-18T00:00 2026-11-19T00:00",
    "monday to tuesday": "2026-11-23T00:00 2026-11-25T00:00",
    "between nov 1 and nov 3": "2026-11-01T00:00 2026-11-04T00:00",
    "since monday": "2026-11-23T00:00 2026-11-25T11:30",
    "9am to 10am": "2026-11-25T09:00 2026-11-25T10:00",
    "14:00-15:00": "2026-11-24T14:00 2026-11-24T15:00",
    "22:00 to 6:00": "2026-11-24T22:00 2026-11-25T06:00",
    "9am on nov 3 to noon": "2026-11-03T09:00 2026-11-03T12:00",
    "nov 3 at 9:00 for 2h": "2026-11-03T09:00 2026-11-03T11:00",
    "3 days ago 9am to 3 days ago 10:15": "2026-11-22T09:00 2026-11-22T10:15",
    "2 weeks ago to 1 week ago": "2026-11-11T11:30 2026-11-18T11:30",
    "now-7d/d to now/d": "2026-11-18T00:00 2026-11-26T00:00",
    november: "2026-11-01T00:00 2026-12-01T00:00",
    "2025": "2025-01-01T00:00 2026-01-01T00:00",
    "1795420800000 to now": "2026-11-23T09:00 2026-11-25T11:30",
  };
  for (const [text, range] of Object.entries(meant)) assert.equal(words(text), range, text);
});

test("what is not understood is named, with what to write instead", () => {
  const said: [string, RegExp][] = [
    ["", /^Enter a range, such as /],
    ["gestern", /^"gestern" is not understood: write /],
    ["yesterday to gestern", /^"gestern" is not understood: write /],
    ["5", /^"5" is not understood: write /],
    ["tomorrow", /^"tomorrow" is not understood/],
    ["25:00", /^"25:00" is not understood/],
    ["nov 31", /^There is no day "nov 31": write a date such as /],
    ["feb 29 2026", /^There is no day "feb 29 2026"/],
    ["november 9am", /has a time but no day: write /],
    ["0000-01-01 to now", /^There is no day "0000-01-01"/],
    ["1969-07-20", /^"1969-07-20" is out of range. Write an instant between 1970 and 9999$/],
    ["2046", /^"2046" starts in the future, of which nothing is measured yet: enter an earlier start$/],
    ["9999-12-31", /starts in the future/],
    ["1763971200", /^"1763971200" seems to be in seconds: write ms since 1970, 1763971200000$/],
    ["99999999999999999 to now", /out of range/],
    ["2026-11-05 to 2026-11-02", /^The end is not after the start: enter a later end, or swap the two$/],
    ["a to b to c", /^"a to b to c" has more than two ends/],
    ["now-99999y", /out of range/],
  ];
  for (const [text, problem] of said) assert.match(words(text), problem, text);
  assert.equal(words("1970-01-01 to now"), "1970-01-01T01:00 2026-11-25T11:30", "as far back as there is anything");
});

test("an address says a range as Grafana does", () => {
  const range = (from: string, to: string, reading = BERLIN) => shown({ from, to }, reading);
  assert.equal(range("now-6h", "now"), "2026-11-25T05:30 2026-11-25T11:30");
  assert.equal(range("now/d", "now/d"), "2026-11-25T00:00 2026-11-26T00:00");
  assert.equal(range("now-1d/d", "now-1d/d"), "2026-11-24T00:00 2026-11-25T00:00");
  assert.equal(range("now-1d/d+8h", "now-h"), "2026-11-24T08:00 2026-11-25T10:30");
  assert.equal(range("now/Q", "now/y"), "2026-10-01T00:00 2027-01-01T00:00");
  assert.equal(range("2026-11-02", "2026-11-03"), "2026-11-02T00:00 2026-11-04T00:00", "a day is the reader's, whole");
  assert.equal(range("2026-11-02T08:00", "2026-11-02T08:00Z"), "2026-11-02T08:00 2026-11-02T09:00");
  assert.match(range("now-6x", "now"), /"now-6x" is not understood/);
  assert.match(range("now", "now-1h"), /The end is not after the start/);
  assert.match(range("1763971200", "now"), /seems to be in seconds/);
  assert.match(range("0000-01-01", "now"), /out of range/);
  assert.match(range("now-20000y", "now"), /out of range/);
});

test("hours pass while days are those of the calendar, when clocks change", () => {
  // 25 October 2026 has 25 hours in Berlin; 4 October 2026 has 23.5 on Lord Howe, 5 April 24.5.
  const berlin = { zone: "Europe/Berlin", now: Date.parse("2026-10-26T11:00:00Z") };
  assert.equal(shown({ from: "now-1d", to: "now" }, berlin), "2026-10-25T12:00 2026-10-26T12:00");
  const sunday = resolveRange({ from: "now-1d/d", to: "now-1d/d" }, berlin);
  assert.ok("from" in sunday && sunday.to - sunday.from === 25 * HOUR_MS);
  const late = { zone: "Europe/Berlin", now: Date.parse("2026-10-25T01:30:00Z") };
  const hour = resolveRange({ from: "now/h", to: "now/h" }, late);
  assert.ok("from" in hour && late.now - hour.from === 30 * MINUTE_MS, "the hour that is there twice");
  const island = { zone: "Australia/Lord_Howe", now: Date.parse("2026-10-04T12:00:00Z") };
  const spring = resolveRange({ from: "now/d", to: "now/d" }, island);
  assert.ok("from" in spring && spring.to - spring.from === 23.5 * HOUR_MS);
  assert.equal(
    shown({ from: "now/h", to: "now/h" }, { ...BERLIN, zone: "Asia/Kolkata" }),
    "2026-11-25T16:00 2026-11-25T17:00",
  );
});

const reading = fc.record({
  now: fc.integer({ min: Date.parse("2000-01-01"), max: Date.parse("2060-01-01") }),
  zone: fc.constantFrom(...ZONES),
});

test("the unit that an instant lies in holds it, and ends where the next begins", () => {
  fc.assert(
    fc.property(reading, fc.constantFrom(...RANGE_UNITS), ({ now, zone }, unit) => {
      const [from, to] = [startOf(now, unit, zone), endOf(now, unit, zone)];
      assert.ok(from <= now && now < to, `${from} ${now} ${to}`);
      if (unit !== "s" && unit !== "m" && unit !== "h") assert.equal(startOf(to, unit, zone), to);
    }),
  );
});

test("whatever is typed is a range up to 9999 or a problem, and never an error", () => {
  const piece = fc.constantFrom(
    ...[
      "now",
      "-",
      "6h",
      "/d",
      " to ",
      "last ",
      "monday",
      "9am",
      " for ",
      "nov 3",
      "2026",
      " ago",
      "14:00",
      "since ",
      ".",
    ],
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join("")),
  );
  fc.assert(
    fc.property(text, reading, (typed, own) => {
      const range = parseRangeWords(typed, own);
      if ("problem" in range) return assert.ok(range.problem.length > 10);
      const instants = resolveRange(range, own);
      assert.ok("from" in instants && instants.to > instants.from && instants.from >= 0);
    }),
    { numRuns: 2_000 },
  );
});

test("a range is written in words; words that are typed are read as that range", () => {
  const time = new TimeFormat({ zone: "Europe/Berlin", hour12: false, monthFirst: false });
  const written: [RangeText, string][] = [
    [{ from: "now-6h", to: "now" }, "Last 6 hours"],
    [{ from: "now-1d", to: "now" }, "Last 1 day"],
    [{ from: "now-1h-30m", to: "now" }, "Last 1 hour 30 minutes"],
    [{ from: "now/d", to: "now" }, "Today so far"],
    [{ from: "now-1d/d", to: "now-1d/d" }, "Yesterday"],
    [{ from: "now/w", to: "now" }, "This week so far"],
    [{ from: "now-1M/M", to: "now-1M/M" }, "Last month"],
    [{ from: "2026-11-02", to: "2026-11-02" }, "2 Nov"],
    [{ from: "2026-11-02", to: "2026-11-04" }, "2 Nov to 4 Nov"],
    [{ from: "1795420800000", to: "1795424400000" }, "23 Nov, 09:00 to 10:00"],
    [{ from: "1795420800000", to: "1795421100000" }, "23 Nov, 09:00:00 to 09:05:00"],
    [{ from: "1795420800000", to: "now" }, "23 Nov, 09:00 to now"],
    [{ from: "2025-12-30", to: "2026-01-02" }, "30 Dec 2025 to 2 Jan"],
    [{ from: "nonsense", to: "now" }, "nonsense to now"],
  ];
  for (const [range, text] of written) assert.equal(rangeText(range, time, NOW), text);
  for (const [range, text] of written.slice(0, 10)) {
    if (!/so far|nonsense/.test(text)) assert.equal(words(text), shown(range), text);
  }
});

test("the API's own clock says what is some hours ago, the reader's calendar what is of days", () => {
  assert.deepEqual(apiRange({ from: "now-6h", to: "now" }, BERLIN), { from: "now-21600000ms", to: "now" });
  assert.deepEqual(apiRange({ from: "now-1d/d", to: "now-1d/d" }, BERLIN), {
    from: String(Date.parse("2026-11-23T23:00:00Z")),
    to: String(Date.parse("2026-11-24T23:00:00Z")),
  });
  assert.deepEqual([endsNow({ from: "now-1h", to: "now" }), endsNow({ from: "now-1h", to: "now/d" })], [true, false]);
  assert.deepEqual(
    [isAnchored({ from: "now/d", to: "now" }), isAnchored({ from: "now-7d", to: "now" })],
    [true, false],
  );
});

test("zooming out doubles a range and stays with now; moving on comes back to now", () => {
  const instants = (range: RangeText) => resolveRange(range, BERLIN) as { from: number; to: number };
  const live = { from: "now-1h", to: "now" };
  assert.deepEqual(widerRange(live, instants(live), NOW), { from: "now-2h", to: "now" });
  const year = { from: "now-366d", to: "now" };
  assert.deepEqual(widerRange(year, instants(year), NOW), year);
  const past = rangeBetween(NOW - 3 * HOUR_MS, NOW - 2 * HOUR_MS);
  assert.deepEqual(widerRange(past, instants(past), NOW), rangeBetween(NOW - 3.5 * HOUR_MS, NOW - 1.5 * HOUR_MS));
  const late = rangeBetween(NOW - 90 * MINUTE_MS, NOW - 10 * MINUTE_MS);
  assert.equal(widerRange(late, instants(late), NOW).to, String(NOW));
  assert.deepEqual(movedRange(instants(live), 0.5, NOW), lastRange(HOUR_MS));
  const before = movedRange(instants(live), -0.5, NOW);
  assert.deepEqual(before, rangeBetween(NOW - 1.5 * HOUR_MS, NOW - 0.5 * HOUR_MS));
  assert.deepEqual(movedRange(instants(before), 0.5, NOW), { from: "now-1h", to: "now" });
  assert.deepEqual(rangeBetween(NOW, NOW), { from: String(NOW - 5_000), to: String(NOW + 5_000) });
  assert.equal(movedRange({ from: 10, to: HOUR_MS }, -0.5, NOW).from, "0");
});

test("the same days last week are those of the calendar, also over a change of clocks", () => {
  const zone = "Europe/Berlin";
  const day = resolveRange({ from: "2026-10-26", to: "2026-10-26" }, { zone, now: NOW }) as {
    from: number;
    to: number;
  };
  const week = comparedRange("week", day, zone);
  assert.equal(clock(week.from, zone), "2026-10-19T00:00");
  assert.equal(day.from - week.from, 7 * DAY_MS + HOUR_MS);
  assert.equal(week.forth(week.from), day.from);
  const before = comparedRange("before", day, zone);
  assert.deepEqual([before.from, before.to, before.forth(before.from)], [day.from - DAY_MS, day.from, day.from]);
  fc.assert(
    fc.property(reading, ({ now, zone: own }) => {
      const noon = startOf(now, "d", own) + 14 * HOUR_MS;
      assert.equal(clock(addUnits(noon, -7, "d", own), own).slice(11), clock(noon, own).slice(11));
    }),
  );
});
