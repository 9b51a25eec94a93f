import { isAcknowledged } from "#lib/alerts/is-acknowledged.ts";
import { listAlerts } from "#lib/alerts/list-alerts.ts";
import { listAnomalies } from "#lib/anomalies/list-anomalies.ts";
import { ONGOING } from "#lib/anomalies/review.ts";
import { type AnomalyStatus, SEVERITIES, type Severity } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";

/** What goes on: an anomaly, with its incident, or an alert that fires. */
export type Ongoing = {
  kind: "anomaly" | "alert";
  id: number;
  incidentId: number | null;
  seriesId: number;
  series: string;
  severity: Severity;
  status: AnomalyStatus;
  reason: string;
  detectedAt: Date;
};

const MOST = 50;

async function runningAnomalies(db: Connection, hostId: number, now: number): Promise<Ongoing[]> {
  const running = { hostId, from: 0, to: now + 1, statuses: ONGOING };
  const { anomalies } = await listAnomalies(db, running, { skip: 0, take: MOST });
  return anomalies.map(({ id, incidentId, seriesId, series, severity, status, reason, detectedAt }) => ({
    ...{ kind: "anomaly", id, incidentId, seriesId, series, severity, status, reason, detectedAt },
  }));
}

async function firingAlerts(db: Connection, hostId: number, now: number): Promise<Ongoing[]> {
  const alerts = await listAlerts(db, { hostId, from: now, to: now, states: ["firing"], limit: MOST });
  return alerts.map(({ id, seriesId, series, severity, summary, rule, startedAt, ...alert }) => ({
    ...{ kind: "alert", id, incidentId: null, seriesId, series, severity, detectedAt: startedAt },
    ...{ status: isAcknowledged(alert, now) ? "acknowledged" : "open", reason: `${rule}: ${summary}` },
  }));
}

/** What is wrong on a host now, the gravest first, the longest of these first. What was dismissed is not wrong. */
export async function readOngoing(db: Connection, hostId: number, now: number): Promise<Ongoing[]> {
  const [anomalies, alerts] = await Promise.all([runningAnomalies(db, hostId, now), firingAlerts(db, hostId, now)]);
  const rank = ({ severity }: Ongoing) => SEVERITIES.indexOf(severity);
  return [...alerts, ...anomalies].sort((a, b) => rank(b) - rank(a) || a.detectedAt.getTime() - b.detectedAt.getTime());
}
