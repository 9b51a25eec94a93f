import type { Connection, Database } from "#lib/db/client.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

type Host = { id: number; name: string };

/** What is read from, and for whom. */
export type Source = { db: Database; hosts: readonly Host[]; signal: AbortSignal | undefined };

/** The one host of an input, as a source is made of; none where it is not readable. */
export async function hostOf(db: Connection, id: number): Promise<Host[]> {
  return (await readableHosts(db)).filter((host) => host.id === id);
}

/** Steps from one instant to another, both included (ms). */
export type Grid = { fromMs: number; toMs: number; stepMs: number };

/** Rates are over at least so long: what is stored each ten seconds and more is in every window. */
export const LEAST_WINDOW_MS = 2 * MINUTE_MS;

/** At most `points` steps of whole seconds over [from, to] (ms), the first of which may begin before. */
export function gridOf({ from, to, points }: { from: number; to: number; points: number }): Grid {
  const stepMs = Math.max(SECOND_MS, Math.ceil((to - from) / (points - 1) / SECOND_MS) * SECOND_MS);
  return { fromMs: Math.floor(from / stepMs) * stepMs, toMs: to, stepMs };
}

/** The instants (ms) of a grid. */
export const instantsOf = ({ fromMs, toMs, stepMs }: Grid): number[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (_, n) => fromMs + n * stepMs);
