import { SEVERITIES, type Severity } from "#lib/contract/enums.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** A host's anomalies that begin within this time (ms) of one another's activity are one incident. */
export const INCIDENT_PAUSE_MS = 10 * MINUTE_MS;

/** With so many anomalies at once an incident is one step more severe than the worst of them. */
const MANY_ANOMALIES = 4;

/** What ranking reads of an anomaly; `evidence` in decades. */
export type Member = { metric: string; detectedAt: Date; evidence: number; severity: Severity };

/** A member with its rank: `order` 1 began first (those of one instant share it); `contribution` is its share (0 to 1) of all the evidence. */
export type Ranked<M extends Member> = M & { order: number; contribution: number };

/** The members by contribution, greatest first, each with the order of onset. */
export function rankMembers<M extends Member>(members: M[]): Ranked<M>[] {
  const total = members.reduce((sum, { evidence }) => sum + evidence, 0);
  const times = [...new Set(members.map(({ detectedAt }) => detectedAt.getTime()))].sort((a, b) => a - b);
  return members
    .map((member) => ({
      ...member,
      order: times.indexOf(member.detectedAt.getTime()) + 1,
      contribution: total > 0 ? member.evidence / total : 0,
    }))
    .sort((a, b) => b.contribution - a.contribution || a.order - b.order);
}

/** The worst severity of the members, one step worse where there are many. */
export function incidentSeverity(members: Pick<Member, "severity">[]): Severity {
  const worst = Math.max(0, ...members.map(({ severity }) => SEVERITIES.indexOf(severity)));
  return SEVERITIES[Math.min(worst + (members.length >= MANY_ANOMALIES ? 1 : 0), SEVERITIES.length - 1)] as Severity;
}
