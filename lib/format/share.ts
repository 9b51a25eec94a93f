/** A share as a signed percentage of at most three digits: +12.3 %, −4.0 %, +123 %. */
export const signedShare = (share: number, places = 1): string => {
  const percent = Math.abs(share * 100);
  return `${share >= 0 ? "+" : "−"}${percent.toFixed(percent >= 99.95 ? 0 : places)} %`;
};

/** An interval of shares. */
export const sharesBetween = (interval: readonly [number, number]): string =>
  interval.map((end) => signedShare(end)).join(" to ");

/** A p-value with three places. */
export const pValueText = (p: number): string => (p < 0.001 ? "<0.001" : p.toFixed(3));

/** A p-value in a sentence. */
export const pValuePhrase = (p: number): string => (p < 0.001 ? "p < 0.001" : `p = ${pValueText(p)}`);
