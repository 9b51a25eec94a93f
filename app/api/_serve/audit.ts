import type { SessionInfo } from "#lib/access/sessions.ts";
import { type Deed, recordDeed } from "#lib/audit/trail.ts";
import type { Database } from "#lib/db/client.ts";

export type Who = { db: Database; session: SessionInfo };

/** Writes into the audit trail what the one who is signed in did. */
export const noteDeed = (
  { db, session: { user } }: Who,
  action: string,
  subject: string,
  details: NonNullable<Deed["details"]>,
) => recordDeed(db, { userId: user.id, email: user.email, action, subject, details, now: Date.now() });
