import type { Certainty } from "#lib/contract/enums.ts";

/** How sure a cause is, in a word. */
export const CERTAINTY_TITLES: Record<Certainty, string> = { likely: "Likely", possible: "Possible", weak: "Weak" };
