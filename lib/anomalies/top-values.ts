/** How many of the greatest values of a stream are remembered: enough to rank a new one among them. */
const KEPT = 20;

/** Numbers that a list takes in a detector's state: how many values were seen, how many are kept, and these. */
export const TOP_VALUES_SIZE = 2 + KEPT;

/**
 * After so many values a list forgets every second one: what is left is still a fair sample, and a record of long ago fades.
 * Four weeks of minutes.
 */
const MEMORY = 40_320;

/** Below so many values a rank says nothing. */
const MIN_SEEN = 64;

/**
 * How surprising a value is to the list of the greatest values in `state[at .. at + EXTREMES_SIZE)`: minus log10 of the
 * p-value of conformal prediction, (1 + how many were as great) / (1 + how many were seen), which assumes no distribution
 * (Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, 2005). 0 for one below all that are kept.
 */
export function surprise(state: Float32Array, at: number, value: number): number {
  const seen = state[at] as number;
  const kept = state[at + 1] as number;
  if (seen < MIN_SEEN || kept === 0 || value <= (state[at + 2] as number)) return 0;
  let asGreat = 0;
  while (asGreat < kept && (state[at + 1 + kept - asGreat] as number) >= value) asGreat++;
  return Math.log10((seen + 1) / (asGreat + 1));
}

/** Takes a value into the list, whose kept values stand in ascending order. */
export function remember(state: Float32Array, at: number, value: number): void {
  const seen = (state[at] as number) + 1;
  const kept = state[at + 1] as number;
  const first = at + 2;
  state[at] = seen;
  // While it fills for the first time every value belongs; later only what is above the least of those kept.
  const belongs = seen <= KEPT || value > (state[first] as number);
  if (belongs && kept < KEPT) {
    let slot = first + kept;
    for (; slot > first && (state[slot - 1] as number) > value; slot--) state[slot] = state[slot - 1] as number;
    state[slot] = value;
    state[at + 1] = kept + 1;
  } else if (belongs) {
    let slot = first;
    const last = first + kept - 1;
    for (; slot < last && (state[slot + 1] as number) < value; slot++) state[slot] = state[slot + 1] as number;
    state[slot] = value;
  }
  if (seen >= MEMORY) thin(state, at);
}

/** Keeps the least, which a new one must exceed, and every second one above it. A list that hardly refilled starts anew. */
function thin(state: Float32Array, at: number): void {
  const kept = state[at + 1] as number;
  const first = at + 2;
  const stale = kept < KEPT / 4;
  let left = 0;
  for (let i = 0; i < kept && !stale; i += 2) state[first + left++] = state[first + i] as number;
  state[at] = stale ? 0 : Math.floor((state[at] as number) / 2);
  state[at + 1] = left;
}
