import { FIXED_MS, type RangeUnit, USUAL_MS } from "#lib/time/range/calendar-units.ts";

/** Units as people write them. */
const WRITTEN: Record<RangeUnit, string[]> = {
  s: ["s", "sec", "secs", "second", "seconds"],
  m: ["m", "min", "mins", "minute", "minutes"],
  h: ["h", "hr", "hrs", "hour", "hours"],
  d: ["d", "day", "days"],
  w: ["w", "wk", "wks", "week", "weeks"],
  M: ["mo", "mos", "month", "months"],
  Q: ["q", "quarter", "quarters"],
  y: ["y", "yr", "yrs", "year", "years"],
};
const UNIT_OF = new Map(
  Object.entries(WRITTEN).flatMap(([unit, words]) => words.map((word) => [word, unit as RangeUnit] as const)),
);

/** The unit that a word in small letters is, if it is. */
export const unitOf = (word: string): RangeUnit | undefined => UNIT_OF.get(word);

const PART = /(\d{1,9}(?:\.\d{1,6})?|an?)\s*([a-z]+)(?:\s*,?\s*(?:and\s+)?)/gy;

const FINER = Object.entries(FIXED_MS).reverse() as [RangeUnit, number][];

/** An amount of a unit as steps of an expression have it; a part of a unit as whole ones of a finer. */
function stepText(amount: number, unit: RangeUnit): string | undefined {
  if (Number.isInteger(amount)) return `${amount}${unit}`;
  const ms = Math.round(amount * USUAL_MS[unit]);
  const [finer, finerMs] = FINER.find(([, own]) => ms % own === 0) ?? [];
  return finer && finerMs && ms > 0 ? `${ms / finerMs}${finer}` : undefined;
}

/** What a duration as people write it ("2h", "1h 30m", "1.5 days", "an hour", in small letters) is as steps of an expression: ["1h", "30m"]. */
export function durationSteps(text: string): string[] | undefined {
  const steps: string[] = [];
  PART.lastIndex = 0;
  for (let at = 0; at < text.length; at = PART.lastIndex) {
    const [, amount = "", word = ""] = PART.exec(text) ?? [];
    const unit = unitOf(word);
    const step = unit && stepText(/^a/.test(amount) ? 1 : Number(amount), unit);
    if (!step || step.startsWith("0")) return undefined;
    steps.push(step);
  }
  return steps.length > 0 ? steps : undefined;
}
