import type { IncidentProfile } from "#lib/anomalies/incident-profiles.ts";

/** How like one another two incidents are, 0 to 1, with what that rests on. */
export type Likeness = { likeness: number; shared: number; metrics: number; sameFirst: boolean };

/** What was the same first weighs so much, and the rest what moved in both. */
const FIRST_WEIGHT = 0.3;

/** Below that two incidents only have something in common. */
const LEAST_LIKENESS = 0.4;

type Shape = Pick<IncidentProfile, "shares" | "first">;

/**
 * The weighted Jaccard similarity (Ruzicka) of what two incidents consist of, the metrics weighted by how much each contributes: the sum of the lesser
 * shares by that of the greater ones; and whether the same metric moved first.
 */
export function likenessOf(a: Shape, b: Shape): Likeness {
  const metrics = [...new Set([...a.shares.keys(), ...b.shares.keys()])];
  const sum = (pick: (x: number, y: number) => number) =>
    metrics.reduce((total, metric) => total + pick(a.shares.get(metric) ?? 0, b.shares.get(metric) ?? 0), 0);
  const all = sum(Math.max);
  const sameFirst = a.first !== undefined && a.first === b.first;
  return {
    likeness: (1 - FIRST_WEIGHT) * (all > 0 ? sum(Math.min) / all : 0) + (sameFirst ? FIRST_WEIGHT : 0),
    shared: metrics.filter((metric) => a.shares.has(metric) && b.shares.has(metric)).length,
    metrics: metrics.length,
    sameFirst,
  };
}

/** The incidents that are most like one, at most `most`; of those as like the same host's first, then the newest. */
export const mostAlike = (
  own: IncidentProfile,
  others: IncidentProfile[],
  most: number,
): (Likeness & { profile: IncidentProfile })[] =>
  others
    .filter(({ id }) => id !== own.id)
    .map((profile) => ({ ...likenessOf(own, profile), profile }))
    .filter(({ likeness }) => likeness >= LEAST_LIKENESS)
    .sort(
      (a, b) =>
        b.likeness - a.likeness ||
        Number(b.profile.hostId === own.hostId) - Number(a.profile.hostId === own.hostId) ||
        b.profile.startedAt.getTime() - a.profile.startedAt.getTime(),
    )
    .slice(0, most);
