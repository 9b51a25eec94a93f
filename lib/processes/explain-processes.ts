import type { ProcessGroup } from "#lib/contract/processes.ts";
import type { Connection } from "#lib/db/client.ts";
import { readProcesses } from "#lib/processes/read.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** By what processes are compared: percent of one core, bytes, or bytes read and written per second. */
type Measure = "cpu" | "memory" | "io";

/** Processes that used more around an instant than before, the greatest change at the head; `from` and `to` are when that was, `rise` is what all of them came to use more. */
export type ProcessMovers = {
  measure: Measure;
  from: Date;
  to: Date;
  rise: number;
  rows: (Pick<ProcessGroup, "name" | "container" | "unit"> & { before: number; after: number })[];
};

const AROUND_MS = 2 * MINUTE_MS;
const BEFORE_MS = 30 * MINUTE_MS;
const SHOWN = 5;
const INTERVAL_MS = 5 * SECOND_MS;

/** What of processes bears on a series, by its name. */
const measureFor = (series: string): Measure =>
  /^(memory|swap|container\.memory)/.test(series)
    ? "memory"
    : /^disk\.(read|write|busy)|iowait|\.(read|write)\./.test(series)
      ? "io"
      : "cpu";

const MEASURES: Record<Measure, (group: ProcessGroup) => number> = {
  cpu: ({ cpu }) => cpu,
  memory: ({ memory }) => memory,
  io: ({ read, write }) => (read ?? 0) + (write ?? 0),
};

const keyOf = ({ name, container, unit }: ProcessGroup): string => JSON.stringify([name, container, unit]);

/** Which processes of a host came to use more around an instant (ms) than in the half hour before; null where none are kept of it. */
export async function explainByProcesses(
  db: Connection,
  hostId: number,
  series: string,
  at: number,
): Promise<ProcessMovers | null> {
  const measure = measureFor(series);
  const valueFor = MEASURES[measure];
  const around = await readProcesses(db, hostId, { from: at - AROUND_MS, to: at + AROUND_MS }, INTERVAL_MS);
  if (!around.from || !around.to) return null;
  const earlier = { from: Math.max(0, at - AROUND_MS - BEFORE_MS), to: at - AROUND_MS };
  const before = await readProcesses(db, hostId, earlier, INTERVAL_MS);
  const usual = new Map(before.groups.map((group) => [keyOf(group), valueFor(group)]));
  const rows = around.groups
    .map((group) => ({
      ...{ name: group.name, container: group.container, unit: group.unit },
      before: usual.get(keyOf(group)) ?? 0,
      after: valueFor(group),
    }))
    .filter((row) => row.after > row.before)
    .sort((a, b) => b.after - b.before - (a.after - a.before));
  const rise = rows.reduce((sum, row) => sum + row.after - row.before, 0);
  return { measure, from: around.from, to: around.to, rise, rows: rows.slice(0, SHOWN) };
}
