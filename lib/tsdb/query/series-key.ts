/** Where a series is stored. */
export type SeriesKey = { hostId: number; sourceId: number; id: number };
/** Instants in [from, to), ms since the epoch. */
export type Range = { from: number; to: number };

/** What a series is found by among those of several hosts. */
export const keyOf = (hostId: number, id: number): string => `${hostId}.${id}`;
