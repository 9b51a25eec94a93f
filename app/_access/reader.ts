import { readCookie } from "#lib/access/token.ts";
import { ZONE_COOKIE } from "#lib/format/date-time.ts";

/** How whoever sent a request reads times: the zone of its cookie, as it came, and its languages. */
export type Reader = { zone: string | undefined; languages: string };

/** The reader by a request's headers. */
export const readerOf = (headers: Pick<Headers, "get">): Reader => ({
  zone: readCookie(headers.get("cookie") ?? undefined, ZONE_COOKIE),
  languages: headers.get("accept-language") ?? "",
});
