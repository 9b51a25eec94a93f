import type { ReportExpression } from "#lib/contract/reports.ts";
import type { Database } from "#lib/db/client.ts";
import { formatText } from "#lib/format/value.ts";
import { queryRange } from "#lib/promql/engine.ts";
import { legends, linesOf } from "#lib/promql/series/lines.ts";
import { finite } from "#lib/promql/series/points.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { changes, POINTS, reportStep } from "#lib/reports/host-sections.ts";
import { type ReportSection, section } from "#lib/reports/section.ts";

const LINES = 8;
const ROWS = 50;

type Summary = { series: SeriesSamples; mean: number; least: number; most: number; last: number };

/** The figures of a series' finite values; undefined without any. */
function summarise(series: SeriesSamples): Summary | undefined {
  const values = series.values.filter((value) => finite(value) !== null);
  const last = values.at(-1);
  if (last === undefined) return undefined;
  // Step by step: the sum of values of 1e308 would be infinite.
  const mean = values.reduce((before, value, n) => before + (value - before) / (n + 1), 0);
  const ends = values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)] as const, [
    last,
    last,
  ] as const);
  return { series, mean, least: ends[0], most: ends[1], last };
}

/**
 * What a PromQL expression gave in a period, against the period before: its largest series with their means, a chart and a table.
 * @throws QueryError
 */
export async function expressionSection(
  db: Database,
  hosts: readonly { id: number; name: string }[],
  { title, query, unit, rate }: ReportExpression,
  { from, to }: { from: number; to: number },
): Promise<ReportSection> {
  const stepMs = reportStep({ from, to });
  const steps = { fromMs: from, toMs: to, stepMs };
  const read = async (fromMs: number, toMs: number) =>
    (await queryRange(new StoreReader(db, hosts), query, { fromMs, toMs, stepMs })).flatMap(
      (series) => summarise(series) ?? [],
    );
  const [now, earlier] = [await read(from, to), await read(from - (to - from), from)];
  if (now.length === 0) return section(title, { words: [`No samples in the period for ${query}`] });
  const before = new Map(earlier.map(({ series, mean }) => [series.labels.key, mean]));
  const largest = now.sort((a, b) => b.mean - a.mean).slice(0, ROWS);
  const names = legends(largest.map(({ series }) => series.labels));
  const figures = largest.slice(0, LINES).map(({ series, mean }, n) => ({
    ...{ label: names[n] as string, value: mean, unit, rate },
    before: before.get(series.labels.key) ?? null,
  }));
  const left = now.length - largest.length;
  const shown = largest.slice(0, LINES).map(({ series }) => series);
  return section(title, {
    words: [...changes(figures), ...(left > 0 ? [`${left} more series are left out`] : [])],
    figures,
    charts: [{ title: query, unit, rate, lines: linesOf(shown, steps, POINTS) }],
    table: {
      columns: ["Series", "Mean", "Least", "Most", "Last"],
      rows: largest.map(({ mean, least, most, last }, n) => [
        names[n] as string,
        ...[mean, least, most, last].map((value) => formatText(value, unit, rate)),
      ]),
    },
  });
}
