const COLOURS = 8;
const DASHES = [undefined, "6 3", "2 3", "8 3 2 3"];

/** The look of the n-th line of a chart: eight colours that stay apart for any colour vision, then dashes as well. */
export function lineLook(n: number): { stroke: string; strokeDasharray?: string } {
  const dash = DASHES[Math.floor(n / COLOURS) % DASHES.length];
  return { stroke: `var(--series-${(n % COLOURS) + 1})`, ...(dash ? { strokeDasharray: dash } : {}) };
}
