import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import * as common from "@zxcvbn-ts/language-common";
import * as english from "@zxcvbn-ts/language-en";
import type { Estimate } from "#lib/access/strength.ts";

const estimator = new ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...english.dictionary },
  graphs: common.adjacencyGraphs,
  translations: english.translations,
});

/** As zxcvbn sees it. Its dictionaries of breached passwords and names take some 40 MB from here on. */
export const estimateStrength: Estimate = async (password, words) => {
  const { score, feedback } = estimator.check(password, words);
  return { score, advice: feedback.warning ?? feedback.suggestions[0] ?? "" };
};
