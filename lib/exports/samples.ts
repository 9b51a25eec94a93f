import { MAX_POINTS, MAX_SERIES } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { unitName } from "#lib/format/value.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import type { Cell, LineChart, Table } from "#lib/tables/table.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";
import { RESOLUTIONS } from "#lib/tsdb/maintenance.ts";
import { queryRange, type RangeQuery, readIntervals, readSamples, type SampleColumns } from "#lib/tsdb/query.ts";

/** So many samples are held at once, about. */
const HELD = 250_000;
const POINTS_AT_ONCE = 50_000;
/** Fewer steps than these at once, and a range's edges cost more than its middle. */
const LEAST_STEPS = 200;
const BATCH = 1_000;
const CHART_LINES = 8;
const CHART_POINTS = 500;

export type SamplesWanted = Pick<RangeQuery, "aggregate" | "by" | "combine" | "top" | "zone"> & {
  host: { id: number; name: string };
  series: SeriesInfo[];
  from: number;
  to: number;
  /** Means of steps of so many ms; every single sample where none is named. */
  stepMs?: number | undefined;
  /** A column for each series, in place of a row for each sample. */
  wide?: boolean | undefined;
};

const COLUMNS: Table["columns"] = [
  { key: "time", title: "Time", kind: "time" },
  { key: "host", title: "Host", kind: "text" },
  { key: "series", title: "Series", kind: "text" },
  { key: "unit", title: "Unit", kind: "text" },
  { key: "value", title: "Value", kind: "number" },
];

const unitOf = ({ unit, kind }: Pick<SeriesInfo, "unit" | "kind">, rate: boolean) =>
  unitName(unit, rate && isCumulative(kind));

/** Values of one series of a window, by time. */
type Run = { name: string; unit: string; times: ArrayLike<number>; values: ArrayLike<number | null> };

/** Runs of one window as rows by time: one for each value, or one for each time. */
function* rowsOf(host: string, runs: Run[], wide: boolean): Generator<Cell[][]> {
  const all = new Float64Array(runs.reduce((sum, { times }) => sum + times.length, 0));
  let filled = 0;
  for (const { times } of runs) {
    all.set(times, filled);
    filled += times.length;
  }
  all.sort();
  const cursors = new Uint32Array(runs.length);
  let batch: Cell[][] = [];
  for (let n = 0; n < all.length; n++) {
    const at = all[n] as number;
    if (n > 0 && at === all[n - 1]) continue;
    const time = new Date(at);
    const row: Cell[] = [time];
    for (let r = 0; r < runs.length; r++) {
      const { name, unit, times, values } = runs[r] as Run;
      const cursor = cursors[r] as number;
      const here = times[cursor] === at;
      const value = here ? (values[cursor] ?? null) : null;
      if (here) cursors[r] = cursor + 1;
      if (wide) row.push(value);
      else if (value !== null) batch.push([time, host, name, unit, value]);
    }
    if (wide) batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

const alike = (a: Float64Array, b: Float64Array) => a.length === b.length && a.every((value, n) => value === b[n]);

async function windowOf(
  db: Connection,
  { host, series }: SamplesWanted,
  range: { from: number; to: number },
): Promise<Run[]> {
  const read = new Map<number, Pick<SampleColumns, "times" | "values">>();
  for (const [sourceId, own] of Map.groupBy(series, (entry) => entry.sourceId)) {
    const ids = own.map(({ id }) => id);
    let shared = new Float64Array();
    for (const [id, { times, values }] of await readSamples(db, { hostId: host.id, sourceId }, range, ids)) {
      // Series of one source mostly have the same times: these are held once.
      if (!alike(times, shared)) shared = times as typeof shared;
      read.set(id, { times: shared, values });
    }
  }
  return series.map((entry) => ({
    name: entry.name,
    unit: unitOf(entry, false),
    times: [],
    values: [],
    ...read.get(entry.id),
  }));
}

/** How many samples a ms of some series has. */
export async function samplesPerMs(
  db: Connection,
  { host, series }: Pick<SamplesWanted, "host" | "series">,
): Promise<number> {
  const intervals = await readIntervals(db, host.id);
  return series.reduce((sum, { sourceId }) => sum + 1 / (intervals.get(sourceId) ?? 1_000), 0);
}

/** Windows are the spans of chunks, or parts of these where one would hold too much. */
async function* singles(db: Connection, wanted: SamplesWanted): AsyncGenerator<Cell[][]> {
  const { spanMs } = RESOLUTIONS.raw;
  const parts = Math.ceil(((await samplesPerMs(db, wanted)) * spanMs) / HELD);
  const windowMs = Math.floor(spanMs / Math.max(1, parts));
  for (let { from } = wanted; from < wanted.to; ) {
    const to = Math.min((Math.floor(from / windowMs) + 1) * windowMs, wanted.to);
    yield* rowsOf(wanted.host.name, await windowOf(db, wanted, { from, to }), wanted.wide ?? false);
    from = to;
  }
}

type Shown = Pick<SeriesInfo, "name" | "unit" | "kind">;

const idsOf = (series: SeriesInfo[]) => series.map(({ id }) => String(id));

const queryOf = ({ host, series, aggregate, by, combine, zone }: SamplesWanted) => ({
  ...{ hostId: host.id, series: idsOf(series), aggregate, by, combine, zone },
});

/** The series that a query in steps gives over its whole range: which are the top ones must not change on the way. */
async function shownIn(db: Connection, wanted: SamplesWanted): Promise<Shown[]> {
  const { series, stepMs, by, top, from, to } = wanted;
  if (!stepMs || !(by || top)) return series;
  return (await queryRange(db, { ...queryOf(wanted), aggregate: undefined, top, from, to, points: 10 })).series;
}

async function* steps(db: Connection, wanted: SamplesWanted, stepMs: number, shown: Shown[]): AsyncGenerator<Cell[][]> {
  const spanMs = stepMs * Math.max(LEAST_STEPS, Math.min(MAX_POINTS, Math.floor(POINTS_AT_ONCE / shown.length)));
  for (let { from } = wanted; from < wanted.to; from += spanMs) {
    const to = Math.min(from + spanMs, wanted.to);
    const read = await queryRange(db, { ...queryOf(wanted), from, to, stepMs });
    const found = new Map(read.series.map((entry) => [entry.name, entry.points]));
    const runs = shown.map((entry) => {
      const points = found.get(entry.name) ?? [];
      const [times, values] = [points.map(([at]) => at), points.map(([, value]) => value)];
      return { name: entry.name, unit: unitOf(entry, true), times, values };
    });
    yield* rowsOf(wanted.host.name, runs, wanted.wide ?? false);
  }
}

/** What is exported as charts too: one for each unit, of means. */
async function chartsOf(db: Connection, { host, series, from, to }: SamplesWanted): Promise<LineChart[]> {
  const charts: LineChart[] = [];
  const isRate = ({ kind }: SeriesInfo) => isCumulative(kind);
  for (const [key, own] of Map.groupBy(series.slice(0, MAX_SERIES), (entry) => `${entry.unit} ${isRate(entry)}`)) {
    const shown = idsOf(own.slice(0, CHART_LINES));
    const read = await queryRange(db, { hostId: host.id, series: shown, from, to, points: CHART_POINTS });
    const [first] = own as [SeriesInfo];
    const lines = read.series.map(({ name, points }) => ({ name, points }));
    charts.push({ title: `${host.name}: ${key.split(" ")[0]}`, unit: first.unit, rate: isRate(first), lines });
  }
  return charts;
}

const wideColumns = (shown: Shown[], rate: boolean): Table["columns"] => [
  COLUMNS[0] as Table["columns"][number],
  ...shown.map((entry) => ({
    key: entry.name,
    title: `${entry.name} (${unitOf(entry, rate)})`,
    kind: "number" as const,
  })),
];

/**
 * Samples by time; counters as their totals, or, in steps, as rates per second. Held are a quarter of a million at most.
 * @throws DomainError validation, too-costly
 */
export async function samplesTable(db: Connection, wanted: SamplesWanted): Promise<Table> {
  const { stepMs, wide } = wanted;
  const shown = await shownIn(db, wanted);
  return {
    name: "Samples",
    columns: wide ? wideColumns(shown, stepMs !== undefined) : COLUMNS,
    rows: stepMs ? steps(db, wanted, stepMs, shown) : singles(db, wanted),
    attachments: async () => ({ charts: await chartsOf(db, wanted), sheets: [] }),
  };
}
