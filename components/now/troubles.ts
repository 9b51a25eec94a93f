import type { Alert } from "#components/alerts/queries.ts";
import { firstChange } from "#components/anomalies/labels.ts";
import type { Incident } from "#components/anomalies/queries.ts";
import { isAcknowledged } from "#lib/alerts/is-acknowledged.ts";
import { SEVERITIES, type Severity } from "#lib/contract/enums.ts";

/** Something that is wrong now, in words. */
export type Trouble = {
  key: string;
  kind: "alert" | "incident";
  severity: Severity;
  title: string;
  /** What says so, or what changed first. */
  note: string;
  href: string;
  since: Date;
  /** Who works on it, or is to, in words; undefined where nobody is. */
  owner: string | undefined;
  /** There for an alert that nobody has acknowledged. */
  unattended?: Alert;
};

function ofAlert(alert: Alert, now: number): Trouble {
  const { acknowledgedBy, assignedTo } = alert;
  const attended = isAcknowledged(alert, now);
  return {
    key: `alert ${alert.hostId} ${alert.id}`,
    kind: "alert",
    severity: alert.severity,
    title: `${alert.host}: ${alert.summary}`,
    note: alert.rule,
    href: `/alerts/${alert.id}?host=${alert.hostId}`,
    since: alert.startedAt,
    owner: attended ? (acknowledgedBy ?? "An account that is gone") : (assignedTo ?? undefined),
    ...(attended ? {} : { unattended: alert }),
  };
}

const ofIncident = (incident: Incident): Trouble => ({
  key: `incident ${incident.hostId} ${incident.id}`,
  kind: "incident",
  severity: incident.severity,
  title: incident.title,
  note: firstChange(incident),
  href: `/anomalies/incidents/${incident.id}?host=${incident.hostId}`,
  since: incident.startedAt,
  owner: incident.assignedTo ?? (incident.status === "acknowledged" ? "Acknowledged" : undefined),
});

const goesOn = ({ endedAt, status }: Incident): boolean =>
  endedAt === null && (status === "open" || status === "acknowledged");

/** What is wrong now: alerts that fire and incidents that go on, the gravest first, and of those as grave what nobody works on, and the newest. */
export function troublesOf(alerts: Alert[], incidents: Incident[], now = Date.now()): Trouble[] {
  const all = [...alerts.map((alert) => ofAlert(alert, now)), ...incidents.filter(goesOn).map(ofIncident)];
  return all.sort(
    (a, b) =>
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
      Number(a.owner !== undefined) - Number(b.owner !== undefined) ||
      b.since.getTime() - a.since.getTime(),
  );
}
