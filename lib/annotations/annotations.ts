import type { AnnotationKind } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { assertHosts } from "#lib/hosts/hosts.ts";
import type { HostMove } from "#lib/tsdb/maintenance.ts";

/** Something that was done or seen at an instant, on one host or (null) on all. */
export type AnnotationInfo = {
  id: number;
  hostId: number | null;
  at: Date;
  kind: AnnotationKind;
  text: string;
  /** Of what, which version of it, and where more is said; empty where nobody says. */
  service: string;
  version: string;
  url: string;
};

/** What an annotation must say; `key` is the same for what is sent twice. */
type NewAnnotation = Pick<AnnotationInfo, "hostId" | "at" | "kind" | "text"> &
  Partial<Pick<AnnotationInfo, "service" | "version" | "url"> & { key: string | undefined; createdBy: string }>;

const SELECT = {
  ...{ id: true, hostId: true, at: true, kind: true, text: true },
  ...{ service: true, version: true, url: true },
} as const;

type AnnotationFilter = {
  hostId?: number | undefined;
  from: number;
  to: number;
  kind?: AnnotationKind | undefined;
  service?: string | undefined;
};

/** The names that whoever reports something of a service may have for it: with its namespace, and without. */
const namesOfService = (service: string): string[] => [...new Set([service, service.split("/").at(-1) ?? ""])];

/** So many are listed at most. */
export const MOST_ANNOTATIONS = 500;

/** Annotations of [from, to) in ms, newest first, at most 500: of a host and those for all hosts, or of every host. */
export const listAnnotations = (
  db: Connection,
  { hostId, from, to, kind, service }: AnnotationFilter,
): Promise<AnnotationInfo[]> =>
  db.annotation.findMany({
    where: {
      at: { gte: new Date(from), lt: new Date(to) },
      ...(hostId === undefined ? {} : { OR: [{ hostId }, { hostId: null }] }),
      ...(kind && { kind }),
      ...(service && { service: { in: namesOfService(service) } }),
    },
    orderBy: { at: "desc" },
    select: SELECT,
    take: MOST_ANNOTATIONS,
  });

/** Whether somebody recorded since then that a version of a service was deployed on a host; "v1.2" is 1.2. */
export async function hasDeploy(
  db: Connection,
  { hostId, service, version, since }: { hostId: number; service: string; version: string; since: Date },
): Promise<boolean> {
  const bare = version.replace(/^v/i, "");
  const found = await db.annotation.findFirst({
    where: {
      kind: "deploy",
      at: { gte: since },
      service: { in: namesOfService(service) },
      version: { in: [bare, `v${bare}`, version] },
      OR: [{ hostId }, { hostId: null }],
    },
    select: { id: true },
  });
  return found !== null;
}

/** Stores an annotation; of one whose key is there, the one that is there is answered as it is. */
export async function recordAnnotation(db: Connection, { key, ...data }: NewAnnotation): Promise<AnnotationInfo> {
  if (key === undefined) return db.annotation.create({ data, select: SELECT });
  await db.annotation.createMany({ data: [{ ...data, key }], skipDuplicates: true });
  return db.annotation.findUniqueOrThrow({ where: { key }, select: SELECT });
}

/** Adds an annotation in the name of a user. @throws DomainError validation for an unknown host */
export async function addAnnotation(
  db: Connection,
  { key, ...annotation }: Omit<NewAnnotation, "createdBy">,
  userId: string,
): Promise<AnnotationInfo> {
  if (annotation.hostId !== null) await assertHosts(db, [annotation.hostId], "host_id");
  // A key is its user's own: nobody's event hides another's.
  return recordAnnotation(db, { ...annotation, createdBy: userId, key: key && `user ${userId} ${key}` });
}

/** Removes an annotation. @throws DomainError not-found */
export async function removeAnnotation(db: Connection, id: number): Promise<void> {
  const { count } = await db.annotation.deleteMany({ where: { id } });
  if (count === 0) throw new DomainError("not-found", `There is no annotation ${id}`);
}

/** Gives one host's annotations to another. */
export async function moveAnnotations(tx: Connection, { from, into }: HostMove): Promise<void> {
  await tx.annotation.updateMany({ where: { hostId: from }, data: { hostId: into } });
  await tx.eventHook.updateMany({ where: { hostId: from }, data: { hostId: into } });
}
