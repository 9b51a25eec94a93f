import type { SessionInfo } from "#lib/access/sessions.ts";
import { type AuditEvent, recordAuditEvent } from "#lib/audit/trail.ts";
import type { AuditAction } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";

export type Who = { db: Database; session: SessionInfo };

/** Writes into the audit trail what the one who is signed in did. */
export const auditAs = (
  { db, session: { user } }: Who,
  action: AuditAction,
  subject: string,
  details: NonNullable<AuditEvent["details"]>,
) => recordAuditEvent(db, { userId: user.id, email: user.email, action, subject, details, now: Date.now() });
