import type { EffectScale } from "#lib/contract/enums.ts";
import { formatText } from "#lib/format/value.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";

/** A change as a share of the magnitude of what was before, so that a rise is above 0 also from below zero; null where there was nothing. */
export const changeShare = (before: number | null, after: number | null): number | null =>
  before === null || after === null || before === 0 ? null : (after - before) / Math.abs(before);

/** A figure behind its sign; what is written as zero has none. */
const signed = (value: number, text: string, unit: string): string =>
  `${Number(text) === 0 ? "" : value >= 0 ? "+" : "−"}${text}${unit}`;

/** A share as a signed percentage of at most three digits: +12.3 %, −4.0 %, +123 %. */
export const signedShare = (share: number, places = 1): string => {
  const percent = Math.abs(share * 100);
  return signed(share, percent.toFixed(percent >= 99.95 ? 0 : places), " %");
};

/** A change as a signed percentage; a dash where there was nothing to compare with. */
export function changeText(before: number | null, after: number | null, places = 1): string {
  const change = changeShare(before, after);
  return change === null ? "–" : signedShare(change, places);
}

/** An interval of shares. */
export const sharesBetween = (interval: readonly [number, number]): string =>
  interval.map((end) => signedShare(end)).join(" to ");

/** What an effect is measured in: a share of the control, points of a proportion, or the metric's own unit. */
export type EffectUnit = { scale: EffectScale; unit?: Unit | undefined };

/** An effect with its sign: +12.3 %, −4.0 points, +1.25, −120 ms. */
export function signedEffect(value: number, { scale, unit = "" as Unit }: EffectUnit): string {
  if (scale === "relative") return signedShare(value);
  if (scale === "points") return signed(value, (Math.abs(value) * 100).toFixed(1), " points");
  return `${value > 0 ? "+" : value < 0 ? "−" : ""}${formatText(Math.abs(value), unit)}`;
}

/** An interval of effects; the unit of points stands once. */
export const effectsBetween = (interval: readonly [number, number], unit: EffectUnit): string => {
  const [low, high] = interval.map((end) => signedEffect(end, unit)) as [string, string];
  return `${unit.scale === "points" ? low.replace(" points", "") : low} to ${high}`;
};

/** A p-value with three places. */
export const pValueText = (p: number): string => (p < 0.001 ? "<0.001" : p.toFixed(3));

/** A p-value in a sentence. */
export const pValuePhrase = (p: number): string => (p < 0.001 ? "p < 0.001" : `p = ${pValueText(p)}`);
