import type { AnnotationKind } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { assertHosts } from "#lib/hosts/hosts.ts";
import type { HostMove } from "#lib/tsdb/maintenance.ts";

/** Something that was done or seen at an instant, on one host or (null) on all. */
export type AnnotationInfo = { id: number; hostId: number | null; at: Date; kind: AnnotationKind; text: string };

const SELECT = { id: true, hostId: true, at: true, kind: true, text: true } as const;

/** Annotations of [from, to) in ms, newest first, at most 500: of a host and those for all hosts, or of every host. */
export const listAnnotations = (
  db: Connection,
  { hostId, from, to }: { hostId?: number | undefined; from: number; to: number },
): Promise<AnnotationInfo[]> =>
  db.annotation.findMany({
    where: {
      at: { gte: new Date(from), lt: new Date(to) },
      ...(hostId === undefined ? {} : { OR: [{ hostId }, { hostId: null }] }),
    },
    orderBy: { at: "desc" },
    select: SELECT,
    take: 500,
  });

/** Adds an annotation in the name of a user. @throws DomainError validation for an unknown host */
export async function addAnnotation(
  db: Connection,
  annotation: Omit<AnnotationInfo, "id">,
  userId: string,
): Promise<AnnotationInfo> {
  if (annotation.hostId !== null) await assertHosts(db, [annotation.hostId], "host_id");
  return db.annotation.create({ data: { ...annotation, createdBy: userId }, select: SELECT });
}

/** Removes an annotation. @throws DomainError not-found */
export async function removeAnnotation(db: Connection, id: number): Promise<void> {
  const { count } = await db.annotation.deleteMany({ where: { id } });
  if (count === 0) throw new DomainError("not-found", `There is no annotation ${id}`);
}

/** Gives one host's annotations to another. */
export async function moveAnnotations(tx: Connection, { from, into }: HostMove): Promise<void> {
  await tx.annotation.updateMany({ where: { hostId: from }, data: { hostId: into } });
}
