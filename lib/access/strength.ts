/** How hard a password is to guess: zxcvbn's score from 0 to 4, and its advice, which may be empty. */
export type Strength = { score: number; advice: string };

/** Estimates a password's strength; words of whose account it is are guessed first. */
export type Estimate = (password: string, words: string[]) => Promise<Strength>;

// The same when a bundler loads this module twice.
const shared = globalThis as typeof globalThis & { sightlineEstimate?: Estimate };

/** Has this process estimate elsewhere: passwords are seldom chosen, and the dictionaries would stay. */
export function estimateBy(estimate: Estimate): void {
  shared.sightlineEstimate = estimate;
}

/** The strength of a password, by whatever this process estimates with. */
export async function strengthOf(password: string, words: string[]): Promise<Strength> {
  const estimate = shared.sightlineEstimate ?? (await import("#lib/access/estimate-strength.ts")).estimateStrength;
  return estimate(password, words);
}
