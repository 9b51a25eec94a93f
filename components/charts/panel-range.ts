import type { LiveRange } from "#components/live/queries.ts";
import type { ShownTime } from "#components/time/shown-time.ts";

/** What a panel asks for does not depend on its width, which only a browser knows: so the server can ask before. */
const POINTS = { usual: 480, wide: 960 };

/** The range that a panel of a host shows; a wide one is as wide as the page. */
export const panelRange = (
  host: number,
  series: readonly { id: number }[],
  time: ShownTime,
  wide: boolean,
): LiveRange => ({ host, series: series.map(({ id }) => id), time, points: wide ? POINTS.wide : POINTS.usual });
