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

/** A sign-in of an account, or a refused one; `count` is how often in a row, and `refused` why: undefined for one that got in. */
export type SignIn = { at: Date; address: string; refused: string | undefined; count: number };

const MAX_SIGN_INS = 20;
const DENIED = "sign-in denied: ";

/** Who got into an account since an instant (ms), or tried to, newest first, at most 20. */
export async function listSignIns(db: Connection, email: string, since: number): Promise<SignIn[]> {
  const rows = await db.auditEvent.findMany({
    where: {
      email: { equals: email, mode: "insensitive" },
      at: { gte: new Date(since) },
      OR: [{ action: "sign-in" }, { action: { startsWith: DENIED } }],
    },
    orderBy: { id: "desc" },
    take: MAX_SIGN_INS,
    select: { at: true, action: true, details: true },
  });
  return rows.map(({ at, action, details }) => {
    const { address = "", again = 1 } = details as { address?: string; again?: number };
    return { at, address, refused: action.startsWith(DENIED) ? action.slice(DENIED.length) : undefined, count: again };
  });
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
