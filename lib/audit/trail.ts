import { noteAnchor } from "#lib/audit/anchors.ts";
import { hashOf } from "#lib/audit/chain.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { Prisma } from "#lib/db/generated/client.ts";

/** Who did what to what; `details` is plain JSON. */
export type AuditEvent = {
  userId: string | null;
  email: string;
  action: string;
  subject?: string;
  details?: Record<string, string | number | boolean | null>;
  now: number;
};

/** Appends an event to the trail, and notes its head outside of the database. */
export async function recordAuditEvent(db: Database, event: AuditEvent): Promise<void> {
  const anchor = await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('audit trail'))`;
    const last = await tx.auditEvent.findFirst({ orderBy: { id: "desc" }, select: { hash: true } });
    const { now, subject = "", details = {}, ...rest } = event;
    const entry = { ...rest, at: new Date(now), subject, details: details as Prisma.InputJsonObject };
    const previous = last?.hash ?? "";
    return tx.auditEvent.create({
      data: { ...entry, previous, hash: hashOf(previous, entry) },
      select: { id: true, hash: true },
    });
  });
  noteAnchor(anchor);
}

export type AuditEventInfo = {
  id: number;
  at: Date;
  email: string;
  action: string;
  subject: string;
  details: NonNullable<AuditEvent["details"]>;
};

/** Entries of [from, to) in ms, newest first, those older than `before` where it is named. */
export async function listAuditEvents(
  db: Connection,
  { from, to, before, limit }: { from: number; to: number; before?: number | undefined; limit: number },
): Promise<AuditEventInfo[]> {
  const rows = await db.auditEvent.findMany({
    where: { ...within({ from, to }), ...(before ? { id: { lt: before } } : {}) },
    orderBy: { id: "desc" },
    take: limit,
    select: { id: true, at: true, email: true, action: true, subject: true, details: true },
  });
  return rows as AuditEventInfo[];
}

/** An event as it is stored, with its hash. */
export type AuditRow = Awaited<ReturnType<typeof readTrail>>[number];

const within = ({ from, to }: { from: number; to: number }) => ({ at: { gte: new Date(from), lt: new Date(to) } });

/** At most `limit` events of [from, to) in ms after an id, oldest first, with their hashes. */
export const readTrail = (db: Connection, range: { from: number; to: number }, after: number, limit: number) =>
  db.auditEvent.findMany({ where: { id: { gt: after }, ...within(range) }, orderBy: { id: "asc" }, take: limit });

/** How many events of [from, to) in ms there are of each action. */
export async function countByAction(
  db: Connection,
  range: { from: number; to: number },
): Promise<{ action: string; count: number }[]> {
  const groups = await db.auditEvent.groupBy({ by: ["action"], where: within(range), _count: true });
  return groups.map(({ action, _count }) => ({ action, count: _count }));
}
