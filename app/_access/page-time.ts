import { headers } from "next/headers";
import { readerOf } from "#app/_access/reader.ts";
import { addressTime, type ShownTime } from "#components/time/shown-time.ts";
import { timeStyle } from "#lib/format/date-time.ts";

/** What the address of a page says, as Next hands it over. */
export type Search = Record<string, string | string[] | undefined>;

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** The range that a page shows first, as its browser makes it out of the same address. */
export async function pageTime(search: Search, usualFrom?: string): Promise<ShownTime> {
  const { zone, languages } = readerOf(await headers());
  const address = { from: first(search.from), to: first(search.to), timezone: first(search.timezone) };
  return addressTime(address, { own: timeStyle(zone, languages).zone, usualFrom, now: Date.now() }).shown;
}
