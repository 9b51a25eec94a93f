/** What a page brought along is not asked for again when it came so short ago, ms. */
const FRESH_MS = 3_000;

/** A query's `staleTime`: by the clocks of server and browser; where either is wrong, it is asked again. */
export const freshAtFirst = ({ state }: { state: { dataUpdatedAt: number } }): number =>
  Math.abs(Date.now() - state.dataUpdatedAt) < FRESH_MS ? FRESH_MS : 0;
