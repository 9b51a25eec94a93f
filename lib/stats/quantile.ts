/**
 * A quantile of values by linear interpolation between order statistics (Hyndman and Fan 1996, type 7: the default of R, NumPy and
 * PostgreSQL's percentile_cont). The only definition in the house.
 *
 * @param values in any order; infinite ones are kept, and one NaN makes the answer NaN
 * @param q the level, 0 (the least value) to 1 (the greatest)
 * @returns NaN for no values
 * @throws RangeError for a level that is no share
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  return sortedQuantile(Float64Array.from(values).sort(), q);
}

/** As `quantile`, of values in ascending order with NaN at the end, as `Float64Array.sort` leaves them. @throws RangeError */
export function sortedQuantile(sorted: ArrayLike<number>, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`A quantile's level lies between 0 and 1, not at ${q}`);
  const last = sorted.length - 1;
  if (last < 0 || Number.isNaN(sorted[last])) return Number.NaN;
  const position = last * q;
  const fraction = position - Math.floor(position);
  const [low, high] = [sorted[Math.floor(position)] as number, sorted[Math.ceil(position)] as number];
  if (fraction === 0 || low === high) return low;
  // The usual form is exact for neighbours that are near each other, but makes NaN of a -Infinity below.
  return Number.isFinite(low) ? low + (high - low) * fraction : low * (1 - fraction) + high * fraction;
}

/** The quantile at 0.5; NaN for no values. */
export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);

/** The arithmetic mean; NaN for no values. */
export const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return values.length > 0 ? sum / values.length : Number.NaN;
};
