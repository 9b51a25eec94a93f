import type { Drop } from "#lib/inputs/drops.ts";

const MAX_TEXT = 1_000;

/** What was not stored, for whoever sent it: each reason with an example. */
export const describeDrops = (drops: Drop[]): string =>
  drops
    .map(({ reason, samples, example }) => `${samples} not stored (${reason}), such as ${example}`)
    .join("; ")
    .slice(0, MAX_TEXT)
    .toWellFormed();
