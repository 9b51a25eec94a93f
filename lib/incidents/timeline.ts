import type { AlertInfo } from "#lib/alerts/list-alerts.ts";
import type { AnnotationInfo } from "#lib/annotations/annotations.ts";
import type { IncidentAct, IncidentComment } from "#lib/anomalies/incident-events.ts";
import { firstMover, movedSentence } from "#lib/anomalies/incident-title.ts";
import type { IncidentInfo } from "#lib/anomalies/list-incidents.ts";
import { TIMELINE_KINDS, type TimelineKind } from "#lib/contract/enums.ts";

/** Something that happened in an incident; `page` is a path of the portal or an address elsewhere, empty of what has none. */
export type TimelineEntry = {
  at: Date;
  kind: TimelineKind;
  text: string;
  note: string;
  by: string | null;
  delayMs: number | null;
  page: string;
  comment: Pick<IncidentComment, "id" | "own" | "editedAt"> | null;
};

const entry = (at: Date, kind: TimelineKind, text: string, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  ...{ at, kind, text, note: "", by: null, delayMs: null, page: "", comment: null },
  ...more,
});

/** What moved, at most `most`, each with how long after the first; and when all was as usual again. */
export function movesOf({ hostId, anomalies, endedAt }: IncidentInfo, most: number): TimelineEntry[] {
  const first = firstMover(anomalies);
  const moves = anomalies
    .toSorted((a, b) => a.order - b.order || b.contribution - a.contribution)
    .slice(0, most)
    .map((anomaly) => {
      const { id, detectedAt } = anomaly;
      const text = movedSentence(anomaly);
      const page = `/anomalies/${id}?host=${hostId}`;
      if (anomaly === first) return entry(detectedAt, "first_mover", text, { page });
      const delayMs = detectedAt.getTime() - (first ?? anomaly).detectedAt.getTime();
      return entry(detectedAt, "follower", text, { page, delayMs });
    });
  if (endedAt === null || moves.length === 0) return moves;
  const text = anomalies.length === 1 ? "It is as usual again" : `All ${anomalies.length} are as usual again`;
  return [...moves, entry(endedAt, "calm", text)];
}

const ATTENDED: Record<AlertInfo["events"][number]["kind"], string> = {
  acknowledged: "acknowledged the alert",
  unacknowledged: "took the acknowledgement of the alert back",
  snoozed: "snoozed the alert",
  assigned: "assigned the alert",
  commented: "commented on the alert",
};

/** An alert that fired, that it is over, and what was done about it. */
export function alertEntries({ hostId, id, rule, summary, firedAt, endedAt, events }: AlertInfo): TimelineEntry[] {
  if (firedAt === null) return [];
  const page = `/alerts/${id}?host=${hostId}`;
  return [
    entry(firedAt, "alert", `Alert: ${summary}`, { note: rule, page }),
    ...(endedAt ? [entry(endedAt, "alert", `Alert over: ${summary}`, { note: rule, page })] : []),
    ...events.map(({ at, by, kind, text }) => entry(at, "act", `${ATTENDED[kind]} ${rule}`, { note: text, by, page })),
  ];
}

/** What was done on the host: "Deploy of shop 4.2.1". */
export function annotationText({ kind, text, service, version }: AnnotationInfo): string {
  const what = [service, version].filter(Boolean).join(" ");
  if (kind === "deploy") return what ? `Deploy of ${what}` : `Deploy: ${text}`;
  return `${kind[0]?.toUpperCase()}${kind.slice(1)}: ${text}`;
}

/** An annotation as an entry; what its title does not say stands in its note. */
export function annotationEntry(annotation: AnnotationInfo): TimelineEntry {
  const { at, text, url } = annotation;
  const title = annotationText(annotation);
  return entry(at, "annotation", title, { note: title.endsWith(text) ? "" : text, page: url });
}

const DONE: Record<Exclude<IncidentAct["kind"], "commented">, string> = {
  acknowledged: "acknowledged the incident",
  resolved: "resolved the incident",
  false_alarm: "marked it as false alarm",
  reopened: "reopened the incident",
  assigned: "assigned the incident",
};

/** What somebody did about the incident. */
export function actEntry({ at, kind, text, by }: IncidentAct): TimelineEntry {
  if (kind === "assigned")
    return entry(at, "act", by !== null && text === `to ${by}` ? "took the incident on" : `${DONE.assigned} ${text}`, {
      by,
    });
  return entry(at, "act", kind === "commented" ? "commented" : DONE[kind], { note: text, by });
}

/** What somebody said. */
export const commentEntry = ({ at, by, text, ...comment }: IncidentComment): TimelineEntry =>
  entry(at, "comment", text, { by, comment });

const sameness = ({ at, kind, text, note, by, comment }: TimelineEntry): string =>
  JSON.stringify([at.getTime(), kind, text, note, by, comment?.id]);

/** Entries in the order of time, what was recorded twice once; of one instant what moved stands before what was done about it. */
export const inOrder = (entries: TimelineEntry[]): TimelineEntry[] =>
  [...new Map(entries.map((each) => [sameness(each), each])).values()].sort(
    (a, b) => a.at.getTime() - b.at.getTime() || TIMELINE_KINDS.indexOf(a.kind) - TIMELINE_KINDS.indexOf(b.kind),
  );

/** At most `most` of some, and how many were left out. */
export const bounded = <T>(all: T[], most: number): { kept: T[]; leftOut: number } => ({
  kept: all.slice(0, most),
  leftOut: Math.max(0, all.length - most),
});
