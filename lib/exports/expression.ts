import type { Database } from "#lib/db/client.ts";
import { assertRows, type Exporter } from "#lib/exports/limits.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { queryRange } from "#lib/promql/engine.ts";
import { linesOf } from "#lib/promql/series/lines.ts";
import { finite } from "#lib/promql/series/points.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import type { Cell, Table } from "#lib/tables/table.ts";
import { roundStep } from "#lib/tsdb/points.ts";

const BATCH = 1_000;
const CHART_LINES = 8;
const CHART_POINTS = 500;
/** So many steps where none is named. */
const STEPS = 500;
const TIME = { key: "time", title: "Time", kind: "time" } as const;

/** A PromQL expression over [from, to], evaluated every `stepMs` (all ms since the epoch), wide with a column for each series. */
export type ExpressionWanted = { query: string; from: number; to: number; stepMs?: number | undefined; wide: boolean };

async function* batches(rows: Iterable<Cell[]>): AsyncGenerator<Cell[][]> {
  let batch: Cell[][] = [];
  for (const row of rows) {
    if (batch.push(row) < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The rows of each instant together, oldest first. */
function* byInstant(
  series: readonly SeriesSamples[],
  rowsAt: (at: Date, present: Map<number, number>) => Iterable<Cell[]>,
): Generator<Cell[]> {
  const instants = [...new Set(series.flatMap(({ times }) => [...times]))].sort((a, b) => a - b);
  const cursors = new Uint32Array(series.length);
  for (const at of instants) {
    const present = new Map<number, number>();
    for (const [n, { times, values }] of series.entries()) {
      const cursor = cursors[n] as number;
      if (times[cursor] !== at) continue;
      present.set(n, values[cursor] as number);
      cursors[n] = cursor + 1;
    }
    yield* rowsAt(new Date(at), present);
  }
}

/** A column for each label, so that a spreadsheet can pivot by it. */
function longTable(series: readonly SeriesSamples[]): Pick<Table, "columns" | "rows"> {
  const names = [...new Set(series.flatMap(({ labels }) => labels.pairs.map(([name]) => name)))].sort();
  const cells = series.map(({ labels }) => names.map((name) => labels.get(name)));
  const rows = byInstant(series, (at, present) =>
    [...present].map(([n, value]) => [at, ...(cells[n] as string[]), finite(value)]),
  );
  return {
    columns: [
      TIME,
      ...names.map((name) => ({ key: `label_${name}`, title: name, kind: "text" as const })),
      { key: "value", title: "Value", kind: "number" },
    ],
    rows: batches(rows),
  };
}

function wideTable(series: readonly SeriesSamples[]): Pick<Table, "columns" | "rows"> {
  const titles = series.map(({ labels }) => String(labels));
  const rows = byInstant(series, (at, present) => [
    [at, ...series.map((_, n) => finite(present.get(n) ?? Number.NaN))],
  ]);
  return {
    columns: [TIME, ...titles.map((title) => ({ key: title, title, kind: "number" as const }))],
    rows: batches(rows),
  };
}

/**
 * What an expression gives over a range, as a table of rows by time, with about how many rows come.
 * @throws QueryError for what cannot be read or evaluated; DomainError too-costly
 */
export async function expressionTable(
  db: Database,
  { query, from, to, stepMs = roundStep(to - from, STEPS), wide }: ExpressionWanted,
  exporter: Exporter,
): Promise<{ table: Table; rows: number }> {
  const reader = new StoreReader(db, await readableHosts(db));
  // Whole steps since 1970, so that two exports of one range have the same instants.
  const steps = { fromMs: Math.ceil(from / stepMs) * stepMs, toMs: to, stepMs };
  const series = await queryRange(reader, query, steps);
  const samples = series.reduce((sum, { times }) => sum + times.length, 0);
  const rows = wide ? Math.max(0, ...series.map(({ times }) => times.length)) : samples;
  assertRows({ samples, rows }, exporter);
  const charts = [
    { title: query, unit: "", rate: false, lines: linesOf(series.slice(0, CHART_LINES), steps, CHART_POINTS) },
  ];
  const table = { name: "Samples", attachments: async () => ({ charts, sheets: [] }) };
  return { table: { ...table, ...(wide ? wideTable(series) : longTable(series)) }, rows };
}
