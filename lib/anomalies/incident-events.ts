import { userNames } from "#lib/access/users.ts";
import type { Connection } from "#lib/db/client.ts";
import type { IncidentEvent, IncidentEventKind } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";

/** Who does something about which incident at `now` (ms). */
export type Acting = { hostId: number; incidentId: number; userId: string; now: number };

/** Something that was done about an incident, with who did it: null of an account that is gone. */
export type IncidentAct = Pick<IncidentEvent, "at" | "kind" | "text"> & { by: string | null };

/** What somebody said about an incident; `own` where it is whoever asks. */
export type IncidentComment = {
  id: number;
  at: Date;
  by: string | null;
  own: boolean;
  editedAt: Date | null;
  text: string;
};

/** Writes down what somebody did. */
export const noteAct = (
  db: Connection,
  { hostId, incidentId, userId, now }: Acting,
  kind: IncidentEventKind,
  text: string,
): Promise<IncidentEvent> =>
  db.incidentEvent.create({ data: { hostId, incidentId, userId, at: new Date(now), kind, text } });

const namesOf = (db: Connection, rows: IncidentEvent[]): Promise<Map<string, string>> =>
  userNames(db, [...new Set(rows.flatMap(({ userId }) => userId ?? []))]);

const nameIn = (names: Map<string, string>, userId: string | null): string | null =>
  userId === null ? null : (names.get(userId) ?? null);

/** What was done about an incident beside comments, newest first, at most `take`. */
export async function listActs(
  db: Connection,
  { hostId, incidentId }: Pick<Acting, "hostId" | "incidentId">,
  take: number,
): Promise<IncidentAct[]> {
  const where = { hostId, incidentId, NOT: { kind: "commented" as const } };
  const rows = await db.incidentEvent.findMany({ where, orderBy: { id: "desc" }, take });
  const names = await namesOf(db, rows);
  return rows.map(({ at, kind, text, userId }) => ({ at, kind, text, by: nameIn(names, userId) }));
}

const toComment = (
  { id, at, userId, editedAt, text }: IncidentEvent,
  names: Map<string, string>,
  readerId: string,
): IncidentComment => ({ id, at, by: nameIn(names, userId), own: userId === readerId, editedAt, text });

/** Comments on an incident, newest first, those older than `before` where it is named, and how many there are in all. */
export async function listComments(
  db: Connection,
  { hostId, incidentId }: Pick<Acting, "hostId" | "incidentId">,
  readerId: string,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<{ total: number; comments: IncidentComment[] }> {
  const where = { hostId, incidentId, kind: "commented" as const };
  const [total, rows] = await Promise.all([
    db.incidentEvent.count({ where }),
    db.incidentEvent.findMany({
      where: before === undefined ? where : { ...where, id: { lt: before } },
      orderBy: { id: "desc" },
      take: limit,
    }),
  ]);
  const names = await namesOf(db, rows);
  return { total, comments: rows.map((row) => toComment(row, names, readerId)) };
}

/** Says something about an incident. @throws DomainError not-found */
export async function addComment(db: Connection, acting: Acting, text: string): Promise<IncidentComment> {
  const row = await noteAct(db, acting, "commented", text);
  return toComment(row, await namesOf(db, [row]), acting.userId);
}

type WhichComment = Acting & { commentId: number };

/** A comment of whoever asks. @throws DomainError not-found; forbidden for another's */
async function findOwn(db: Connection, which: WhichComment): Promise<IncidentEvent> {
  const { hostId, incidentId, commentId: id, userId } = which;
  const row = await db.incidentEvent.findFirst({ where: { hostId, incidentId, id, kind: "commented" } });
  if (!row) throw new DomainError("not-found", `There is no comment ${id} on incident ${incidentId}`);
  if (row.userId !== userId)
    throw new DomainError("forbidden", "This comment is another's: only its author changes it");
  return row;
}

/** Changes a comment of whoever asks, which says from then on that it was. @throws DomainError not-found, forbidden */
export async function editComment(db: Connection, which: WhichComment, text: string): Promise<IncidentComment> {
  const { hostId, id, text: before } = await findOwn(db, which);
  const data = before === text ? {} : { text, editedAt: new Date(which.now) };
  const row = await db.incidentEvent.update({ where: { hostId_id: { hostId, id } }, data });
  return toComment(row, await namesOf(db, [row]), which.userId);
}

/** Removes a comment of whoever asks. @throws DomainError not-found, forbidden */
export async function removeComment(db: Connection, which: WhichComment): Promise<void> {
  const { hostId, id } = await findOwn(db, which);
  await db.incidentEvent.deleteMany({ where: { hostId, id } });
}
