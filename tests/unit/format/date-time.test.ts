import assert from "node:assert/strict";
import { test } from "node:test";
import { instantInText, TimeFormat, timeStyle } from "#lib/format/date-time.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { instantOf, localTime } from "#lib/time/zone.ts";

const AT = Date.UTC(2026, 10, 28, 15, 5, 9);
const reader = (zone: string | undefined, languages: string) => new TimeFormat(timeStyle(zone, languages));

test("a reader sees their own zone, and 24 or 12 hours as their language has it, whatever the server's are", () => {
  assert.equal(reader("Europe/Berlin", "de-DE,de;q=0.9,en;q=0.8").dateTime(AT), "28 Nov 2026, 16:05");
  assert.equal(reader("America/New_York", "en-US,en;q=0.9").dateTime(AT), "Nov 28, 2026, 10:05 AM");
  assert.equal(reader("Asia/Kolkata", "en-IN").dateTime(AT), "28 Nov 2026, 8:35 PM");
  assert.equal(reader("Australia/Lord_Howe", "en-AU").instant(AT), "Sun 29 Nov, 2:05:09 AM");
  assert.equal(reader("UTC", "fr").day(new Date(AT)), "28 Nov 2026");
});

test("twelve o'clock is 12 in both halves of a day", () => {
  const { clock } = { clock: (at: number) => reader("UTC", "en-US").clock(at) };
  assert.deepEqual(
    [0, 12, 13, 23].map((hour) => clock(Date.UTC(2026, 0, 1, hour))),
    ["12:00 AM", "12:00 PM", "1:00 PM", "11:00 PM"],
  );
});

test("a zone or a language that there is not counts as none", () => {
  for (const zone of [undefined, "", "Mars/Olympus", "\u0000", "<script>", "x".repeat(5_000)])
    for (const languages of ["", "*", "!!", ";q=1", "de_DE.UTF-8", "\u0000"])
      assert.equal(reader(zone, languages).dateTime(AT), "28 Nov 2026, 15:05", `${zone} ${languages}`);
  assert.equal(reader("UTC", "*,!!;q=1,en-US").dateTime(AT), "Nov 28, 2026, 3:05 PM");
});

test("what a reader enters is an instant of their own clock, also on days that clocks are changed on", () => {
  const berlin = reader("Europe/Berlin", "de");
  assert.equal(berlin.input(AT), "2026-11-28T16:05");
  assert.equal(berlin.fromInput("2026-11-28T16:05"), Date.UTC(2026, 10, 28, 15, 5));
  // Left out: as far behind the change. Shown twice: the first.
  assert.equal(berlin.fromInput("2026-03-29T02:30"), Date.UTC(2026, 2, 29, 1, 30));
  assert.equal(berlin.fromInput("2026-10-25T02:30"), Date.UTC(2026, 9, 25, 0, 30));
  assert.ok(Number.isNaN(berlin.fromInput("")) && Number.isNaN(berlin.fromInput("soon")));
});

test("a text that is kept for several readers is read by each in their own time, and nothing else in it changes", () => {
  const text = `/var is full ${instantInText(AT)}, v2026-11-28, 2026-99-99T99:99Z`;
  assert.equal(text, "/var is full 2026-11-28T15:05Z, v2026-11-28, 2026-99-99T99:99Z");
  const read = reader("Asia/Kolkata", "en-IN").inText(text);
  assert.equal(read, "/var is full 28 Nov 2026, 8:35 PM, v2026-11-28, 2026-99-99T99:99Z");
  assert.equal(reader("UTC", "de").inText("since 2026-11-28T15:05:09.123Z."), "since 28 Nov 2026, 15:05.");
});

test("an instant and what clocks show of it lead to each other in every zone", () => {
  for (const zone of ["Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia", "UTC"])
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 7 * HOUR_MS + 10 * MINUTE_MS) {
      const back = instantOf(zone, localTime(zone, at));
      assert.equal(localTime(zone, back), localTime(zone, at), zone);
      assert.ok(back <= at && at - back <= HOUR_MS, `${zone} ${new Date(at).toISOString()}`);
    }
});
