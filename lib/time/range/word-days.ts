import { dayOf, timeOfDay, weekdayOf } from "#lib/time/calendar.ts";
import { DAY_MS, HOUR_MS, SECOND_MS } from "#lib/time/durations.ts";

/** Days as numbers from 1970: the reader's today, and the day that an end may not be before. */
export type DayContext = { today: number; notBefore?: number | undefined };

/** Days [from, to), or what is no date that there is. */
export type Days = { from: number; to: number } | "no such day";

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const WEEKDAY = /^(last\s+|this\s+)?(mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|r|rs|rsday|urday)?$/;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH_WORDS = [
  ...["january", "february", "march", "april", "may", "june", "july", "august"],
  ...["september", "october", "november", "december"],
];

const monthOf = (word: string): number =>
  Math.max(MONTHS.indexOf(word), MONTH_WORDS.indexOf(word), word === "sept" ? 8 : -1);

const dayOfDate = (year: number, month: number, day: number): number => dayOf(Date.UTC(year, month, day));

/** A day of the calendar; years before 1000 would be taken for others by Date, and nothing was measured then. */
function dayDate(year: number, month: number, day: number): Days {
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month + 1, 0)).getUTCDate();
  if (year < 1000 || month < 0 || month > 11 || day < 1 || day > lastDay) return "no such day";
  const from = dayOfDate(year, month, day);
  return { from, to: from + 1 };
}

/** The year of a date without: that of the newest such date up to today, of an end the next from its start on. */
function withYear(find: (year: number) => Days, { today, notBefore }: DayContext): Days {
  const year = new Date((notBefore ?? today) * DAY_MS).getUTCFullYear();
  const near = find(year);
  if (near === "no such day") return near;
  if (notBefore !== undefined) return near.from < notBefore ? find(year + 1) : near;
  return near.from > today ? find(year - 1) : near;
}

function weekday(text: string, { today, notBefore }: DayContext): Days | undefined {
  const [, which = "", name = ""] = WEEKDAY.exec(text) ?? [];
  if (name === "") return undefined;
  const wanted = WEEKDAYS.indexOf(name) + 1;
  const from =
    notBefore === undefined
      ? today - ((weekdayOf(today) - wanted + 7) % 7 || (which.startsWith("last") ? 7 : 0))
      : notBefore + ((wanted - weekdayOf(notBefore) + 7) % 7);
  return { from, to: from + 1 };
}

/** "2026-11-03", "2026/11/03", "3.11.2026" and "3.11." */
function figures(text: string, context: DayContext): Days | undefined {
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text);
  if (iso) return dayDate(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
  const [, day, month, year] = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})?$/.exec(text) ?? [];
  if (!day) return undefined;
  const find = (found: number) => dayDate(found, Number(month) - 1, Number(day));
  return year ? find(Number(year)) : withYear(find, context);
}

const MONTH_FIRST = /^([a-z]+)\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?)?(?:,?\s+(\d{4}))?$/;
const DAY_FIRST = /^(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([a-z]+)\.?(?:,?\s+(\d{4}))?$/;

function monthDays(year: number, month: number): Days {
  if (year < 1000) return "no such day";
  return { from: dayOfDate(year, month, 1), to: dayOfDate(year, month + 1, 1) };
}

/** "nov 3", "3 november 2026", "nov 2026" and "november" */
function named(text: string, context: DayContext): Days | undefined {
  const [, monthWord, firstDay, firstYear] = MONTH_FIRST.exec(text) ?? [];
  const [, secondDay, secondWord, secondYear] = DAY_FIRST.exec(text) ?? [];
  const month = monthOf(monthWord ?? secondWord ?? "");
  if (month < 0) return undefined;
  const [day, year] = [firstDay ?? secondDay, firstYear ?? secondYear];
  const find = (found: number) => (day ? dayDate(found, month, Number(day)) : monthDays(found, month));
  return year ? find(Number(year)) : withYear(find, context);
}

/** The days that a text in small letters names: a weekday, a date, a month or a year. Undefined where it names none. */
export function parseDays(text: string, context: DayContext): Days | undefined {
  if (text === "today") return { from: context.today, to: context.today + 1 };
  if (text === "yesterday") return { from: context.today - 1, to: context.today };
  if (/^\d{4}$/.test(text)) {
    const year = Number(text);
    return year < 1000 ? "no such day" : { from: dayOfDate(year, 0, 1), to: dayOfDate(year + 1, 0, 1) };
  }
  return weekday(text, context) ?? figures(text, context) ?? named(text, context);
}

const CLOCK = /(?:\d{1,2}(?::\d\d){1,2}|\d{1,2}(?::\d\d)?\s?[ap]m|noon|midnight)/;
const AT_END = new RegExp(`^(?:(.*?)[\\st,]+(?:at\\s+)?)??(${CLOCK.source})$`);
const AT_START = new RegExp(`^(${CLOCK.source})\\s+(?:on\\s+)?(.+)$`);

/** The time of a day in ms; undefined for one that no clock shows. */
function clockMs(text: string): number | undefined {
  if (text === "noon") return 12 * HOUR_MS;
  if (text === "midnight") return 0;
  const [, hours = "", minutes = "00", seconds = "0", half] =
    /^(\d{1,2})(?::(\d\d))?(?::(\d\d))?\s?([ap]m)?$/.exec(text) ?? [];
  const hour = half ? (Number(hours) % 12) + (half === "pm" ? 12 : 0) : Number(hours);
  if (hour > 23 || Number(minutes) > 59 || Number(seconds) > 59 || (half && (hours === "0" || Number(hours) > 12)))
    return undefined;
  return timeOfDay(`${hour}:${minutes}`) + Number(seconds) * SECOND_MS;
}

/** A text in small letters as what it says of a day and of a time (ms after midnight), either of which may be missing. */
export function splitClock(text: string): { day: string; clock?: number | undefined } {
  const [, before = "", last] = AT_END.exec(text) ?? [];
  const [, first, after = ""] = last ? [] : (AT_START.exec(text) ?? []);
  const written = last ?? first;
  const clock = written === undefined ? undefined : clockMs(written);
  if (clock === undefined) return { day: text };
  return { day: (last ? before : after).trim(), clock };
}
