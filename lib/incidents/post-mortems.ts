import { userNames } from "#lib/access/users.ts";
import { type IncidentInfo, readIncident, readIncidents } from "#lib/anomalies/list-incidents.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { PostMortem } from "#lib/db/generated/client.ts";
import { isUniqueViolation } from "#lib/db/unique.ts";
import { DomainError } from "#lib/errors.ts";
import { draftOf } from "#lib/incidents/draft.ts";
import type { PostMortemText } from "#lib/incidents/post-mortem-text.ts";
import { readGuide } from "#lib/incidents/read-guide.ts";
import { readTimeline } from "#lib/incidents/read-timeline.ts";

/** A post-mortem without its parts; `version` 0 is a draft that nobody has saved. */
export type PostMortemHead = Pick<IncidentInfo, "hostId" | "host" | "startedAt" | "endedAt"> & {
  incidentId: number;
  title: string;
  version: number;
  updatedAt: Date | null;
  updatedBy: string | null;
};

export type PostMortemInfo = PostMortemHead & PostMortemText;

const headOf = ({ hostId, host, id, startedAt, endedAt }: IncidentInfo) => ({
  ...{ hostId, host, incidentId: id, startedAt, endedAt },
});

async function namesOf(db: Connection, rows: Pick<PostMortem, "updatedBy">[]) {
  const names = await userNames(db, [...new Set(rows.flatMap(({ updatedBy }) => updatedBy ?? []))]);
  return (id: string | null) => (id === null ? null : (names.get(id) ?? null));
}

/** The post-mortem of an incident, or a draft of what is known of it as of `now` (ms). @throws DomainError not-found for an incident that is not there */
export async function readPostMortem(
  db: Connection,
  hostId: number,
  incidentId: number,
  now: number,
): Promise<PostMortemInfo> {
  const incident = await readIncident(db, hostId, incidentId);
  const row = await db.postMortem.findUnique({ where: { hostId_incidentId: { hostId, incidentId } } });
  if (row) {
    const { title, summary, impact, timeline, cause, remedy, followUps, version, updatedAt, updatedBy } = row;
    const text = { title, summary, impact, timeline, cause, remedy, followUps };
    return { ...headOf(incident), ...text, version, updatedAt, updatedBy: (await namesOf(db, [row]))(updatedBy) };
  }
  const [timeline, guide] = await Promise.all([readTimeline(db, incident, ""), readGuide(db, incident, now)]);
  return { ...headOf(incident), ...draftOf(incident, timeline, guide), version: 0, updatedAt: null, updatedBy: null };
}

/** Saves a post-mortem over the version that was read. @throws DomainError not-found; conflict where somebody has saved another meanwhile */
export async function savePostMortem(
  db: Database,
  { hostId, incidentId, userId, now }: { hostId: number; incidentId: number; userId: string; now: number },
  { version, ...text }: PostMortemText & { version: number },
): Promise<PostMortemInfo> {
  await readIncident(db, hostId, incidentId);
  const saved = { ...text, updatedAt: new Date(now), updatedBy: userId, version: version + 1 };
  if (version === 0)
    await db.postMortem.create({ data: { hostId, incidentId, createdAt: new Date(now), ...saved } }).catch((error) => {
      throw isUniqueViolation(error) ? overtaken() : error;
    });
  else {
    const { count } = await db.postMortem.updateMany({ where: { hostId, incidentId, version }, data: saved });
    if (count === 0) throw overtaken();
  }
  return readPostMortem(db, hostId, incidentId, now);
}

const overtaken = () =>
  new DomainError("conflict", "Somebody has saved or removed this post-mortem since you opened it: nothing was saved");

/** Removes a post-mortem. @throws DomainError not-found */
export async function removePostMortem(db: Connection, hostId: number, incidentId: number): Promise<void> {
  const { count } = await db.postMortem.deleteMany({ where: { hostId, incidentId } });
  if (count === 0) throw new DomainError("not-found", `Incident ${incidentId} has no post-mortem`);
}

const MOST = 200;

/** Post-mortems, the newest incident's first, at most 200. */
export async function listPostMortems(db: Connection, hostId: number | undefined): Promise<PostMortemHead[]> {
  const rows = await db.postMortem.findMany({
    where: hostId === undefined ? {} : { hostId },
    select: { incidentId: true, title: true, version: true, updatedAt: true, updatedBy: true },
    orderBy: { incidentId: "desc" },
    take: MOST,
  });
  const ids = rows.map(({ incidentId }) => incidentId);
  const [incidents, nameOf] = await Promise.all([readIncidents(db, ids), namesOf(db, rows)]);
  const byId = new Map(rows.map((row) => [row.incidentId, row]));
  return incidents.flatMap((incident) => {
    const row = byId.get(incident.id);
    return row ? [{ ...headOf(incident), ...row, updatedBy: nameOf(row.updatedBy) }] : [];
  });
}
