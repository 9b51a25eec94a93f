import { dayOf } from "#lib/time/calendar.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { boundInstant, outOfRange, type Problem, parseBound, type Reading } from "#lib/time/range/bound.ts";
import { type RangeText, resolveRange } from "#lib/time/range/range.ts";
import { parseDays, splitClock } from "#lib/time/range/word-days.ts";
import { durationSteps, unitOf } from "#lib/time/range/word-units.ts";
import { instantOf, localTime } from "#lib/time/zone.ts";

/** Where an end of a range is, as an address has it; `whole` also says where what it names begins and ends. */
type Moment = { from: string; to: string; isWhole: boolean };

type Context = Reading & { startsAt?: number | undefined };

const AS_PEOPLE_WRITE = '"last monday 9am to now", "yesterday", "2h" or "2026-11-24 14:00 to 15:30"';
const unclear = (text: string): Problem => ({ problem: `"${text}" is not understood: write ${AS_PEOPLE_WRITE}` });

const back = (steps: string[]): string => `now${steps.map((step) => `-${step}`).join("")}`;

/** "today", "this week", "last month", "past 3 hours", "2h": what moves along with time. */
function parsePeriod(text: string): RangeText | undefined {
  if (text === "today") return { from: "now/d", to: "now" };
  if (text === "yesterday") return { from: "now-1d/d", to: "now-1d/d" };
  const [, which, word = ""] = /^(?:the\s+)?(this|last|previous|past)\s+(\D+)$/.exec(text) ?? [];
  const unit = unitOf(word);
  if (which === "this" && unit) return { from: `now/${unit}`, to: "now" };
  if (which && unit && which !== "past" && "dwMQy".includes(unit))
    return { from: `now-1${unit}/${unit}`, to: `now-1${unit}/${unit}` };
  const length = text.replace(/^(?:the )?(?:last|past|previous) /, "");
  const steps = durationSteps(which && unit ? `1${unit === "M" ? word : unit.toLowerCase()}` : length);
  return steps && { from: back(steps), to: "now" };
}

/** A day, with or without a time, or a time of the day that was last, or of the day on which a range starts. */
function parseDate(text: string, { now, zone, startsAt }: Context): Moment | Problem | undefined {
  const { day, clock } = splitClock(text);
  const [today, start] = [dayOf(localTime(zone, now)), startsAt === undefined ? undefined : localTime(zone, startsAt)];
  const notBefore = start === undefined ? undefined : dayOf(start);
  const at = (local: number) => String(Math.max(0, instantOf(zone, local)));
  if (day === "" && clock !== undefined) {
    const isLater = start === undefined ? today * DAY_MS + clock <= localTime(zone, now) : true;
    const isNext = start !== undefined && (notBefore as number) * DAY_MS + clock <= start;
    const local = ((notBefore ?? today) + (isNext ? 1 : 0) - (isLater ? 0 : 1)) * DAY_MS + clock;
    return { from: at(local), to: at(local), isWhole: false };
  }
  const ago = /^(.*)\s+ago$/.exec(day)?.[1];
  const steps = ago === undefined || clock === undefined ? undefined : durationSteps(ago);
  const days = steps ? daysBefore(steps, { now, zone }) : parseDays(day.replace(/^on\s+/, ""), { today, notBefore });
  if (days === undefined) return undefined;
  if (days === "no such day") return { problem: `There is no day "${day}": write a date such as 2026-11-24` };
  if (days.from < 0) return outOfRange(text);
  if (clock === undefined) return { from: at(days.from * DAY_MS), to: at(days.to * DAY_MS), isWhole: true };
  if (days.to > days.from + 1) return { problem: `"${text}" has a time but no day: write nov 24 14:00` };
  return { from: at(days.from * DAY_MS + clock), to: at(days.from * DAY_MS + clock), isWhole: false };
}

function daysBefore(steps: string[], reading: Reading): { from: number; to: number } {
  const bound = parseBound(back(steps));
  const at = "problem" in bound ? reading.now : boundInstant(bound, reading, "from");
  const day = dayOf(localTime(reading.zone, at));
  return { from: day, to: day + 1 };
}

/** What one end of a range, or a range of a single phrase, says. */
function parseMoment(text: string, context: Context): Moment | Problem {
  const words = text.toLowerCase();
  const ago = durationSteps(/^(.*?)\s+ago$/.exec(words)?.[1] ?? "");
  if (ago) return { from: back(ago), to: back(ago), isWhole: false };
  if (context.startsAt !== undefined && words === "today") return { from: "now", to: "now", isWhole: false };
  const date = /^now|^\d{5,}$/.test(text) ? undefined : parseDate(words, context);
  if (date) return date;
  const bound = parseBound(text);
  // Such a figure alone is rather a day or an hour than ms since 1970.
  if (/^\d{1,4}$/.test(text)) return unclear(text);
  if ("problem" in bound) return /^\d{5,}$/.test(text) ? bound : unclear(text);
  const isWhole = "steps" in bound && bound.steps.some((step) => "round" in step);
  return { from: text, to: text, isWhole };
}

const SEPARATOR = /\s+(?:to|until|till|through)\s+|\s+[-–—]\s+|\s*(?:\.\.+|…|–|—)\s*/i;
const CLOCKS = /^(.*(?::\d\d|[ap]m))\s?-\s?(\d{1,2}(?::\d\d|\s?[ap]m).*)$/i;

/** The two ends that a text names; a single phrase has no second. */
function split(text: string): [string, string?] | undefined {
  const between = /^between\s+(.+?)\s+and\s+(.+)$/i.exec(text);
  if (between) return [between[1] as string, between[2]];
  const since = /^since\s+(.+)$/i.exec(text);
  const plain = (since?.[1] ?? text.replace(/^from\s+/i, "")).trim();
  const isAlone = "problem" in parseBound(plain) && !SEPARATOR.test(plain);
  const clocks = isAlone ? CLOCKS.exec(plain) : null;
  const [first = "", second, ...more] = clocks ? [clocks[1] as string, clocks[2]] : plain.split(SEPARATOR);
  if (more.length > 0) return undefined;
  return [first.trim(), second?.trim() ?? (since ? "now" : undefined)];
}

/** The start of "nov 3 9:00 for 2h", and how long it is. */
function splitFor(text: string): { start: string; steps: string[] } | undefined {
  const [, start, length = ""] = /^(.+?)\s+for\s+(.+)$/i.exec(text) ?? [];
  const steps = durationSteps(length.toLowerCase());
  return start && steps ? { start, steps } : undefined;
}

const startOfMoment = (moment: Moment, reading: Reading): number | undefined => {
  const bound = parseBound(moment.from);
  return "problem" in bound ? undefined : boundInstant(bound, reading, "from");
};

function parseEnds(text: string, reading: Reading): RangeText | Problem {
  const ends = split(text);
  if (!ends) return { problem: `"${text}" has more than two ends: write ${AS_PEOPLE_WRITE}` };
  const [first, second] = ends;
  const start = parseMoment(first, reading);
  if ("problem" in start) return start;
  if (second === undefined) return { from: start.from, to: start.isWhole ? start.to : "now" };
  if (second.toLowerCase() === "now") return { from: start.from, to: "now" };
  const end = parseMoment(second, { ...reading, startsAt: startOfMoment(start, reading) });
  return "problem" in end ? end : { from: start.from, to: end.to };
}

function parseFor(text: string, reading: Reading): RangeText | Problem | undefined {
  const parts = splitFor(text);
  if (!parts) return undefined;
  const start = parseMoment(parts.start, reading);
  if ("problem" in start) return start;
  const from = startOfMoment(start, reading) ?? reading.now;
  const bound = parseBound(`now${parts.steps.map((step) => `+${step}`).join("")}`);
  const to = "problem" in bound ? from : boundInstant(bound, { ...reading, now: from }, "from");
  return { from: String(from), to: String(to) };
}

/**
 * Reads a range as people write it ("last monday 9am to now", "yesterday", "past 3 hours", "nov 3 9:00 for 2h") or as addresses have it
 * ("now-7d/d to now"). What moves along with time stays an expression, all else becomes ms. Weeks begin on Monday, what has no year or day is
 * the newest that was. A grammar of our own: a library that finds dates in texts passes over what it does not understand, which here must be said.
 */
export function parseRangeWords(text: string, reading: Reading): RangeText | Problem {
  const plain = text.trim().replace(/\s+/g, " ");
  if (plain === "") return { problem: `Enter a range, such as ${AS_PEOPLE_WRITE}` };
  const range =
    (/^\d+M$/.test(plain) ? { from: `now-${plain}`, to: "now" } : parsePeriod(plain.toLowerCase())) ??
    parseFor(plain, reading) ??
    parseEnds(plain, reading);
  if ("problem" in range) return range;
  const instants = resolveRange(range, reading);
  if ("problem" in instants) return instants;
  if (instants.from >= reading.now)
    return { problem: `"${plain}" starts in the future, of which nothing is measured yet: enter an earlier start` };
  return range;
}
