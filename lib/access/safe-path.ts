import { FIRST_PAGE } from "#lib/contract/roots.ts";

const BASE = "http://own.invalid";

/**
 * A path of our own out of what an address says; the fallback for anything that a browser would take for another site. A list is its first.
 * Browsers drop tabs and line feeds, take \ for /, and resolve dots, all of which URL parsing does as well.
 */
export function safePath(given: unknown, fallback = FIRST_PAGE): string {
  const text = Array.isArray(given) ? given[0] : given;
  if (typeof text !== "string" || !text.startsWith("/") || !URL.canParse(text, BASE)) return fallback;
  const { origin, pathname, search, hash } = new URL(text, BASE);
  // Dots that were resolved may leave a second slash in front.
  return origin === BASE && !pathname.startsWith("//") ? pathname + search + hash : fallback;
}
