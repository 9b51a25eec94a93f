import { MINUTE_MS } from "#lib/time/durations.ts";

/** How far back the charts of a page reach, as its address says it. */
export const SPANS = ["15m", "1h", "6h", "24h"] as const;
export const USUAL_SPAN = "1h";

const MINUTES: Record<(typeof SPANS)[number], number> = { "15m": 15, "1h": 60, "6h": 360, "24h": 1440 };

/** A span of an address, ms; the usual one for what is none. */
export const spanMsOf = (text: string | undefined): number =>
  MINUTES[SPANS.find((span) => span === text) ?? USUAL_SPAN] * MINUTE_MS;
