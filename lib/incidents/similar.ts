import { firstMover } from "#lib/anomalies/incident-title.ts";
import type { IncidentInfo } from "#lib/anomalies/list-incidents.ts";

/** How like one another two incidents are, 0 to 1, with what that rests on. */
export type Likeness = { likeness: number; shared: number; metrics: number; sameFirst: boolean };

/** What was the same first weighs so much, and the rest what moved in both. */
const FIRST_WEIGHT = 0.3;

/** Below that two incidents only have something in common. */
const LEAST_LIKENESS = 0.4;

/** How much of an incident each metric is: several series of one metric add up. */
function sharesOf({ anomalies }: Pick<IncidentInfo, "anomalies">): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { metric, contribution } of anomalies) shares.set(metric, (shares.get(metric) ?? 0) + contribution);
  return shares;
}

/**
 * The weighted Jaccard similarity (Ruzicka) of what two incidents consist of, the metrics weighted by how much each contributes: the sum of the lesser
 * shares by that of the greater ones; and whether the same metric moved first.
 */
export function likenessOf(a: Pick<IncidentInfo, "anomalies">, b: Pick<IncidentInfo, "anomalies">): Likeness {
  const [ours, theirs] = [sharesOf(a), sharesOf(b)];
  const metrics = [...new Set([...ours.keys(), ...theirs.keys()])];
  const sum = (pick: (x: number, y: number) => number) =>
    metrics.reduce((total, metric) => total + pick(ours.get(metric) ?? 0, theirs.get(metric) ?? 0), 0);
  const all = sum(Math.max);
  const first = firstMover(a.anomalies)?.metric;
  const sameFirst = first !== undefined && first === firstMover(b.anomalies)?.metric;
  return {
    likeness: (1 - FIRST_WEIGHT) * (all > 0 ? sum(Math.min) / all : 0) + (sameFirst ? FIRST_WEIGHT : 0),
    shared: metrics.filter((metric) => ours.has(metric) && theirs.has(metric)).length,
    metrics: metrics.length,
    sameFirst,
  };
}

/** The incidents that are most like one, at most `most`; of those as like the same host's first, then the newest. */
export const mostAlike = (
  incident: IncidentInfo,
  others: IncidentInfo[],
  most: number,
): (Likeness & { incident: IncidentInfo })[] =>
  others
    .filter(({ hostId, id }) => hostId !== incident.hostId || id !== incident.id)
    .map((other) => ({ ...likenessOf(incident, other), incident: other }))
    .filter(({ likeness }) => likeness >= LEAST_LIKENESS)
    .sort(
      (a, b) =>
        b.likeness - a.likeness ||
        Number(b.incident.hostId === incident.hostId) - Number(a.incident.hostId === incident.hostId) ||
        b.incident.startedAt.getTime() - a.incident.startedAt.getTime(),
    )
    .slice(0, most);
