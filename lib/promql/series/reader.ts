import type { LabelSet } from "#lib/promql/series/labels.ts";
import type { Matcher } from "#lib/promql/series/matcher.ts";

/**
 * The samples of one series, oldest first, each instant (ms since the epoch) once. What is missing has no sample; a NaN with the bits of a stale
 * marker ends the series until its next sample.
 */
export type SeriesSamples = { labels: LabelSet; times: Float64Array; values: Float64Array };

/** Where the engine reads from: the series that meet all conditions, with their samples of [fromMs, toMs], each label set once. */
export type SeriesReader = {
  select(matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<SeriesSamples[]>;
};
