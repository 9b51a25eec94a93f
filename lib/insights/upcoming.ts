import type { SignalKind } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { watchedHosts } from "#lib/hosts/hosts.ts";
import { readFigures } from "#lib/insights/figures.ts";
import { findSignals, MAINTENANCE_METRICS, type Signal } from "#lib/insights/maintenance.ts";
import { type PartsOptions, runParts } from "#lib/jobs/failures.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** What is looked at of a host, and how often, ms. */
const PAST_MS = 21 * DAY_MS;
const FRESH_MS = HOUR_MS;
/** So many hosts are looked at in one round, and of a host so many signals are kept. */
const ROUND = 100;
const MOST = 50;

type Kept = Omit<Signal, "evidence">;

/** Something that will need a hand on a host; instants in ms. */
export type Upcoming = { hostId: number; host: string; kind: SignalKind } & Kept;

const isFresh = (foundAt: number | undefined, now: number): boolean =>
  foundAt !== undefined && foundAt > now - FRESH_MS && foundAt <= now + MINUTE_MS;

/** What a host's past three weeks say; what has months to go is left out. */
async function signalsOf(db: Database, hostId: number, now: number): Promise<Kept[]> {
  const range = { from: now - PAST_MS, to: now, stepMs: HOUR_MS };
  const figures = await readFigures(db, { hostId, metrics: MAINTENANCE_METRICS, ...range });
  return findSignals(figures, now)
    .filter(({ severity }) => severity !== "info")
    .slice(0, MOST)
    .map(({ evidence: _, ...signal }) => signal);
}

/** Looks at the hosts that were not looked at for an hour, the longest ago first. Each is marked before, so that one that fails keeps no other waiting. */
export async function refreshUpcoming(db: Database, { now, signal }: PartsOptions): Promise<void> {
  const [hosts, rows] = await Promise.all([
    watchedHosts(db),
    db.hostSignal.findMany({ select: { hostId: true, foundAt: true } }),
  ]);
  const foundAt = new Map(rows.map((row) => [row.hostId, row.foundAt.getTime()]));
  const due = hosts
    .filter(({ id }) => !isFresh(foundAt.get(id), now))
    .sort((a, b) => (foundAt.get(a.id) ?? 0) - (foundAt.get(b.id) ?? 0));
  const mark = (hostId: number, data: { foundAt: Date; signals?: Prisma.InputJsonValue }) =>
    db.hostSignal.upsert({ where: { hostId }, create: { hostId, ...data }, update: data });
  const parts = due.slice(0, ROUND).map(({ id, name }) => ({
    subject: `${name} (${id})`,
    async run() {
      await mark(id, { foundAt: new Date(now) });
      await mark(id, { foundAt: new Date(now), signals: await signalsOf(db, id, now) });
    },
  }));
  await runParts(db, "upcoming", parts, { now, signal });
}

/** What will need a hand on all hosts that are watched, the soonest first, and after these what has no date. */
export async function listUpcoming(db: Database): Promise<Upcoming[]> {
  const [hosts, rows] = await Promise.all([
    watchedHosts(db),
    db.hostSignal.findMany({ where: { NOT: { signals: { equals: [] } } }, select: { hostId: true, signals: true } }),
  ]);
  const names = new Map(hosts.map(({ id, name }) => [id, name]));
  return rows
    .flatMap(({ hostId, signals }) => {
      const host = names.get(hostId);
      return host === undefined ? [] : (signals as Kept[]).map((own) => ({ hostId, host, ...own }));
    })
    .sort((a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY));
}
