/** The words that somebody typed to find something, in lower case; none of nothing. */
export const wordsOf = (typed: string): string[] => typed.toLowerCase().split(/\s+/).filter(Boolean);
