import { listAlertPage } from "#lib/alerts/list-alerts.ts";
import { listAnnotations } from "#lib/annotations/annotations.ts";
import { listActs, listComments } from "#lib/anomalies/incident-events.ts";
import type { IncidentInfo } from "#lib/anomalies/list-incidents.ts";
import type { Connection } from "#lib/db/client.ts";
import { type FailedPart, Parts } from "#lib/incidents/parts.ts";
import {
  actEntry,
  alertEntries,
  annotationEntry,
  bounded,
  commentEntry,
  inOrder,
  movesOf,
  type TimelineEntry,
} from "#lib/incidents/timeline.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** An incident in the order of time: how many older comments there are, of what else something was left out, and what could not be read. */
export type Timeline = {
  entries: TimelineEntry[];
  earlierComments: number;
  leftOut: number;
  failed: FailedPart[];
};

/** So many stand in a timeline of each: metrics, alerts, notes and acts. */
const MOST = 100;

/** What was done on the host so long before counts as part of it. */
const BEFORE_MS = HOUR_MS;
const AROUND_MS = 30 * MINUTE_MS;

/** What happened in an incident. A part that cannot be read hides no other. `readerId` is whose comments are their own. */
export async function readTimeline(db: Connection, incident: IncidentInfo, readerId: string): Promise<Timeline> {
  const { hostId, id: incidentId, startedAt, lastAt } = incident;
  const [from, to] = [startedAt.getTime(), lastAt.getTime()];
  const which = { hostId, incidentId };
  const around = { hostId, from: from - AROUND_MS, to: to + AROUND_MS };
  const parts = new Parts();
  const [alerts, annotations, acts, said] = await Promise.all([
    parts.read("alerts", () => listAlertPage(db, around, { skip: 0, take: MOST + 1 }), []),
    parts.read("deploys and notes", () => listAnnotations(db, { hostId, from: from - BEFORE_MS, to: to + 1 }), []),
    parts.read("acts", () => listActs(db, which, MOST + 1), []),
    parts.read("comments", () => listComments(db, which, readerId, { limit: MOST }), { total: 0, comments: [] }),
  ]);
  const groups = [
    bounded(alerts.flatMap(alertEntries), MOST),
    bounded(annotations.map(annotationEntry), MOST),
    bounded(acts.map(actEntry), MOST),
  ];
  const moves = movesOf(incident, MOST);
  const movesLeftOut = Math.max(0, incident.anomalies.length - MOST);
  return {
    entries: inOrder([...moves, ...groups.flatMap(({ kept }) => kept), ...said.comments.map(commentEntry)]),
    earlierComments: said.total - said.comments.length,
    leftOut: groups.reduce((sum, { leftOut }) => sum + leftOut, movesLeftOut),
    failed: parts.failed,
  };
}
