import type { Connection } from "#lib/db/client.ts";
import type { Cell, Table } from "#lib/export/table.ts";
import { listSeries, type SeriesInfo } from "#lib/query/catalog.ts";
import { queryRange } from "#lib/query/range.ts";
import { namedBy, selectSeries } from "#lib/query/selector.ts";
import { readSamples } from "#lib/query/tiers.ts";
import type { Series } from "#lib/store/segments.ts";
import { RAW, TIERS } from "#lib/store/tiers.ts";

/** So much of the past is held at once: one span of sealed segments. */
const WINDOW_MS = TIERS[RAW].spanMs;
const STEPS_AT_ONCE = 2_000;

export type SamplesWanted = {
  host: { id: number; name: string };
  series: string[];
  from: number;
  to: number;
  /** Means of steps of so many ms; every single sample where none is named. */
  stepMs?: number | undefined;
};

const COLUMNS: Table["columns"] = [
  { key: "time", title: "Time", kind: "time" },
  { key: "host", title: "Host", kind: "text" },
  { key: "series", title: "Series", kind: "text" },
  { key: "unit", title: "Unit", kind: "text" },
  { key: "value", title: "Value", kind: "number" },
];

/** The series that names mean, at least one. @throws DomainError not-found */
export async function namedSeries(db: Connection, hostId: number, names: string[]): Promise<SeriesInfo[]> {
  const all = await listSeries(db, hostId, names.map(namedBy));
  return [...new Map(names.flatMap((name) => selectSeries(all, name)).map((one) => [one.id, one])).values()];
}

const unitOf = ({ unit, kind }: Pick<SeriesInfo, "unit" | "kind">, rate: boolean) =>
  rate && kind === "counter" ? `${unit}/s` : unit;

/** Single samples of one window by time, of all series. */
async function windowOf(
  db: Connection,
  { host }: SamplesWanted,
  series: SeriesInfo[],
  from: number,
  to: number,
): Promise<Cell[][]> {
  const bySource = Map.groupBy(series, ({ sourceId }) => sourceId);
  const rows: Cell[][] = [];
  for (const [sourceId, own] of bySource) {
    const samples = await readSamples(
      db,
      { hostId: host.id, sourceId },
      { from, to },
      own.map(({ id }) => id),
    );
    for (const one of own) {
      const { times, values } = samples.get(one.id) as Series;
      for (let n = 0; n < times.length; n++) {
        const at = times[n] as number;
        if (at >= from && at < to)
          rows.push([new Date(at), host.name, one.name, unitOf(one, false), values[n] as number]);
      }
    }
  }
  return rows.sort((a, b) => Number(a[0]) - Number(b[0]));
}

async function* singles(db: Connection, wanted: SamplesWanted, series: SeriesInfo[]): AsyncGenerator<Cell[]> {
  for (let from = wanted.from; from < wanted.to; ) {
    const to = Math.min((Math.floor(from / WINDOW_MS) + 1) * WINDOW_MS, wanted.to);
    yield* await windowOf(db, wanted, series, from, to);
    from = to;
  }
}

async function* steps(
  db: Connection,
  wanted: SamplesWanted,
  series: SeriesInfo[],
  stepMs: number,
): AsyncGenerator<Cell[]> {
  const names = series.map(({ id }) => String(id));
  for (let from = wanted.from; from < wanted.to; from += STEPS_AT_ONCE * stepMs) {
    const to = Math.min(from + STEPS_AT_ONCE * stepMs, wanted.to);
    const { series: read } = await queryRange(db, { hostId: wanted.host.id, series: names, from, to, stepMs });
    const rows = read.flatMap((one) =>
      one.points.flatMap(([at, value]): Cell[][] =>
        value === null ? [] : [[new Date(at), wanted.host.name, one.name, unitOf(one, true), value]],
      ),
    );
    yield* rows.sort((a, b) => Number(a[0]) - Number(b[0]));
  }
}

/** Samples by time; counters as their totals, or, in steps, as rates per second. Held are those of six hours, or of 2,000 steps. */
export async function samplesTable(db: Connection, wanted: SamplesWanted): Promise<Table> {
  const series = await namedSeries(db, wanted.host.id, wanted.series);
  const rows = wanted.stepMs ? steps(db, wanted, series, wanted.stepMs) : singles(db, wanted, series);
  return { name: "Samples", columns: COLUMNS, rows };
}
