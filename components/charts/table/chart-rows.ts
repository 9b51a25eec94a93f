import type { TipText } from "#components/charts/tip-text.tsx";

/** A chart in words: a row for each of its instants, whose figures stand in the order of the columns. `head` is what rows are named by, the reader's time by default. */
export type ChartRows = { head?: string; columns: string[]; rows: { head: string; figures: string[] }[] };

/** Where a row has nothing for a column. */
const NOTHING = "–";

/** What a chart says of each of its instants, as rows. Lines of one name are told apart by their ids, or else by their order. */
export function chartRows(tips: readonly TipText[]): ChartRows {
  const names = new Map<string, string>();
  const namesakes = new Map<string, number>();
  const read = tips.map(({ head, lines }) => {
    const seen = new Map<string, number>();
    const figures = new Map<string, string>();
    for (const { name, id, figure } of lines) {
      const nth = (seen.get(name) ?? 0) + 1;
      seen.set(name, nth);
      const key = JSON.stringify([name, id ?? nth]);
      figures.set(key, figure);
      if (names.has(key)) continue;
      const count = (namesakes.get(name) ?? 0) + 1;
      namesakes.set(name, count);
      names.set(key, count === 1 ? name : `${name} (${count})`);
    }
    return { head, figures };
  });
  const keys = [...names.keys()];
  return {
    columns: [...names.values()],
    rows: read.map(({ head, figures }) => ({ head, figures: keys.map((key) => figures.get(key) ?? NOTHING) })),
  };
}
