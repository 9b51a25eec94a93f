import { createHash } from "node:crypto";
import type { AuditAction } from "#lib/contract/enums.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import type { Prisma } from "#lib/db/generated/client.ts";

/** Who did what to what; `details` is plain JSON. */
export type AuditEvent = {
  userId: string | null;
  email: string;
  action: AuditAction;
  subject?: string;
  details?: Record<string, string | number | boolean | null>;
  now: number;
};

type Entry = { at: Date; userId: string | null; email: string; action: string; subject: string; details: unknown };

/** Keys in order, so that the same details always hash alike, however the database gives them back. */
const canonical = (details: unknown): string =>
  JSON.stringify(Object.entries((details ?? {}) as object).sort(([a], [b]) => (a < b ? -1 : 1)));

const hashOf = (previous: string, { at, userId, email, action, subject, details }: Entry): string =>
  createHash("sha256")
    .update([previous, at.toISOString(), userId ?? "", email, action, subject, canonical(details)].join("\n"))
    .digest("hex");

/** Appends an event to the trail. */
export async function recordAuditEvent(db: Database, event: AuditEvent): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('audit trail'))`;
    const last = await tx.auditEvent.findFirst({ orderBy: { id: "desc" }, select: { hash: true } });
    const { now, subject = "", details = {}, ...rest } = event;
    const entry = { ...rest, at: new Date(now), subject, details: details as Prisma.InputJsonObject };
    const previous = last?.hash ?? "";
    await tx.auditEvent.create({ data: { ...entry, previous, hash: hashOf(previous, entry) } });
  });
}

const BATCH = 1_000;

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

/** How many entries there are, and the first that is not as it was written. */
export async function checkTrail(db: Connection): Promise<{ entries: number; broken: number | null }> {
  const [entries, broken] = await Promise.all([db.auditEvent.count(), firstBroken(db)]);
  return { entries, broken: broken ?? null };
}

/** The id of the first entry that was changed, or that follows one that was taken out; undefined for a whole trail. */
export async function firstBroken(db: Connection): Promise<number | undefined> {
  let [after, previous] = [0, ""];
  for (;;) {
    const rows = await db.auditEvent.findMany({ where: { id: { gt: after } }, orderBy: { id: "asc" }, take: BATCH });
    for (const row of rows) {
      if (row.previous !== previous || row.hash !== hashOf(previous, row)) return row.id;
      previous = row.hash;
    }
    after = rows.at(-1)?.id ?? after;
    if (rows.length < BATCH) return undefined;
  }
}
