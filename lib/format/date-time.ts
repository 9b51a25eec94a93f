import { instantOf, localTime } from "#lib/time/zone.ts";

/** How a reader reads times: in which zone, with twice twelve hours, and whether the month stands before the day. */
export type TimeStyle = { zone: string; hour12: boolean; monthFirst: boolean };

/** The cookie by which the server knows the zone of a browser, so that both write the same times. */
export const ZONE_COOKIE = "sightline.zone";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Whoever's zone and language are not known reads UTC and 24 hours. */
export const UTC_STYLE: TimeStyle = { zone: "UTC", hour12: false, monthFirst: false };

/** Whether there is a time zone of this name; a bare offset is none. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return /^[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
}

/** The first language of an Accept-Language header that is a language; undefined without any. */
function firstLanguage(header: string): string | undefined {
  return header
    .split(",")
    .map((item) => item.split(";")[0]?.trim() ?? "")
    .find((tag) => {
      try {
        return tag !== "" && tag !== "*" && Intl.getCanonicalLocales(tag).length > 0;
      } catch {
        return false;
      }
    });
}

/** How whoever has these languages (an Accept-Language header) reads times in a zone; an unknown zone or language counts as none. */
export function timeStyle(zone: string | undefined, languages: string): TimeStyle {
  const valid = zone !== undefined && isZone(zone) ? zone : UTC_STYLE.zone;
  const language = firstLanguage(languages);
  if (language === undefined) return { ...UTC_STYLE, zone: valid };
  const format = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" });
  return {
    zone: valid,
    hour12: format.resolvedOptions().hour12 ?? false,
    monthFirst: format.formatToParts(0)[0]?.type === "month",
  };
}

const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z/g;

/** An instant within a text that is kept for several readers: to the minute, ISO 8601. `inText` writes it for each. */
export const instantInText = (at: Date | number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

const two = (figure: number): string => String(figure).padStart(2, "0");

/**
 * Times as a reader reads them. The texts are made of numbers alone, so that server and browser write the same ones whatever
 * tables of languages they carry.
 */
export class TimeFormat {
  readonly style: TimeStyle;

  constructor(style: TimeStyle) {
    this.style = style;
  }

  #local(at: string | Date | number): Date {
    return new Date(localTime(this.style.zone, new Date(at).getTime()));
  }

  #monthDay(local: Date): string {
    const [day, month] = [local.getUTCDate(), MONTHS[local.getUTCMonth()]];
    return this.style.monthFirst ? `${month} ${day}` : `${day} ${month}`;
  }

  #clock(local: Date, withSeconds: boolean): string {
    const hour = local.getUTCHours();
    const rest = `${two(local.getUTCMinutes())}${withSeconds ? `:${two(local.getUTCSeconds())}` : ""}`;
    return this.style.hour12 ? `${hour % 12 || 12}:${rest} ${hour < 12 ? "AM" : "PM"}` : `${two(hour)}:${rest}`;
  }

  /** "28 Nov 2026", or "Nov 28, 2026" */
  day(at: string | Date | number): string {
    const local = this.#local(at);
    return `${this.#monthDay(local)}${this.style.monthFirst ? "," : ""} ${local.getUTCFullYear()}`;
  }

  /** "28 Nov 2026, 16:05", or "Nov 28, 2026, 4:05 PM" */
  dateTime(at: string | Date | number): string {
    return `${this.day(at)}, ${this.#clock(this.#local(at), false)}`;
  }

  /** "Sat 28 Nov" */
  weekday(at: number): string {
    const local = this.#local(at);
    return `${WEEKDAYS[local.getUTCDay()]} ${this.#monthDay(local)}`;
  }

  /** "16:05", or with seconds "16:05:09" */
  clock(at: number, withSeconds = false): string {
    return this.#clock(this.#local(at), withSeconds);
  }

  /** A text with the instants in it (ISO 8601, UTC) as the reader reads them. */
  inText(text: string): string {
    return text.replace(INSTANT, (instant) => (Number.isNaN(Date.parse(instant)) ? instant : this.dateTime(instant)));
  }

  /** "2026-11-28T16:05", as an input of a local time has it */
  input(at: number): string {
    return this.#local(at).toISOString().slice(0, 16);
  }

  /** The instant (ms) of what a reader entered into such an input; NaN of nothing. */
  fromInput(text: string): number {
    const local = Date.parse(`${text}Z`);
    return Number.isNaN(local) ? local : instantOf(this.style.zone, local);
  }

  /** "Sat 28 Nov, 16:05:09" */
  instant(at: number): string {
    return `${this.weekday(at)}, ${this.clock(at, true)}`;
  }
}
