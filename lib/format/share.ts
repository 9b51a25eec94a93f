/** A share as a signed percentage: +12.3 %, −4.0 %. */
export const signedShare = (share: number, places = 1): string =>
  `${share >= 0 ? "+" : "−"}${Math.abs(share * 100).toFixed(places)} %`;

/** An interval of shares. */
export const sharesBetween = (interval: readonly [number, number]): string =>
  interval.map((end) => signedShare(end)).join(" to ");

/** A p-value with three places. */
export const pValueText = (p: number): string => (p < 0.001 ? "<0.001" : p.toFixed(3));
