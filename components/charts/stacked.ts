/** Columns on top of one another: each holds its own values and those of all before it. */
export function stacked(columns: readonly (readonly number[])[], length: number): number[][] {
  const sums = new Array<number>(length).fill(0);
  return columns.map((values) => {
    for (let n = 0; n < length; n++) sums[n] = (sums[n] ?? 0) + (values[n] ?? 0);
    return [...sums];
  });
}
