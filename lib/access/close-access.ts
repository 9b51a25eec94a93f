import type { Connection, Database } from "#lib/db/client.ts";

/** NOTIFY channel: at commit, that somebody's access ended; the payload is the id of their account. */
export const ACCESS_CHANNEL = "sightline_access";

/** Ends all sessions, tokens and open links of an account; live connections are told. One session may be kept. */
export async function closeAccess(tx: Connection, userId: string, keptSession?: string): Promise<void> {
  await tx.session.deleteMany({ where: { userId, ...(keptSession ? { id: { not: keptSession } } : {}) } });
  await tx.apiToken.deleteMany({ where: { userId } });
  await tx.accountLink.deleteMany({ where: { userId } });
  await tx.$executeRaw`SELECT pg_notify(${ACCESS_CHANNEL}, ${userId})`;
}

/** As closeAccess, by itself. */
export const endAccess = (db: Database, userId: string): Promise<void> =>
  db.$transaction((tx) => closeAccess(tx, userId));
