/** How hard a password is to guess: zxcvbn's score from 0 to 4, and its advice, which may be empty. */
export type Strength = { score: number; advice: string };

/** Estimates a password's strength; words of whose account it is are guessed first. */
export type Estimate = (password: string, words: string[]) => Promise<Strength>;

/** As zxcvbn sees it. Its dictionaries of breached passwords and names take some 40 MB from the first time on. */
export const estimateStrength: Estimate = async (password, words) => {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
    import("@zxcvbn-ts/language-en"),
  ]);
  const estimator = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
  });
  const { score, feedback } = estimator.check(password, words);
  return { score, advice: feedback.warning ?? feedback.suggestions[0] ?? "" };
};

// The same when a bundler loads this module twice.
const shared = globalThis as typeof globalThis & { sightlineEstimate?: Estimate };

/** Has this process estimate elsewhere: passwords are seldom chosen, and the dictionaries would stay. */
export function estimateBy(estimate: Estimate): void {
  shared.sightlineEstimate = estimate;
}

/** The strength of a password, by whatever this process estimates with. */
export const strengthOf: Estimate = (password, words) =>
  (shared.sightlineEstimate ?? estimateStrength)(password, words);
