import { SEVERITIES, type Severity } from "#lib/anomalies/confidence.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** A host's anomalies that begin within this time (ms) of one another's activity are one incident. */
export const INCIDENT_PAUSE_MS = 10 * MINUTE_MS;

/** So many metrics at once are no accident: the incident is one step more severe than the worst of them. */
const MANY = 4;

export type Member = { metric: string; detectedAt: Date; evidence: number; severity: Severity };

/** A member with its place: `order` 1 moved first; `contribution` is its share (0 to 1) of all the evidence. */
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

export function incidentSeverity(members: Pick<Member, "severity">[]): Severity {
  const worst = Math.max(0, ...members.map(({ severity }) => SEVERITIES.indexOf(severity)));
  return SEVERITIES[Math.min(worst + (members.length >= MANY ? 1 : 0), SEVERITIES.length - 1)] as Severity;
}
