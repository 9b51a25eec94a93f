import type { Target } from "#lib/scrape/targets/target.ts";

/** How a target fares, as it is stored; `at` in ms since 1970. */
export type TargetState = {
  health: "unknown" | "up" | "down" | "dropped";
  url: string;
  labels: Record<string, string>;
  discovered: Record<string, string>;
  at: number | null;
  durationS: number | null;
  samples: number | null;
  error: string | null;
};

/** A target that was not scraped yet. */
export const newState = ({ url, labels, discovered }: Target): TargetState => ({
  ...{ health: "unknown", url, labels, discovered, at: null, durationS: null, samples: null, error: null },
});
