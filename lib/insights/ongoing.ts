import { type AnomalyInfo, listAnomalies } from "#lib/anomalies/list-anomalies.ts";
import { ONGOING } from "#lib/anomalies/review.ts";
import { SEVERITIES } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";

/** An anomaly that goes on. */
export type Ongoing = Pick<
  AnomalyInfo,
  "id" | "incidentId" | "seriesId" | "series" | "metric" | "severity" | "status" | "reason" | "detectedAt" | "lastAt"
>;

const MOST = 50;

/** What is wrong on a host now, the gravest first, the longest of these first. What was dismissed is not wrong. */
export async function readOngoing(db: Connection, hostId: number, now: number): Promise<Ongoing[]> {
  const running = { hostId, from: 0, to: now + 1, statuses: ONGOING };
  const { anomalies } = await listAnomalies(db, running, { skip: 0, take: MOST });
  const rank = ({ severity }: Ongoing) => SEVERITIES.indexOf(severity);
  return anomalies
    .map(({ id, incidentId, seriesId, series, metric, severity, status, reason, detectedAt, lastAt }) => ({
      ...{ id, incidentId, seriesId, series, metric, severity, status, reason, detectedAt, lastAt },
    }))
    .sort((a, b) => rank(b) - rank(a) || a.detectedAt.getTime() - b.detectedAt.getTime());
}
