-- An entry of the audit trail is an audit event. Its hash covers values, not names: the chain stays whole.
ALTER TABLE "audit_entry" RENAME TO "audit_event";
ALTER TABLE "audit_event" RENAME CONSTRAINT "audit_entry_pkey" TO "audit_event_pkey";
ALTER INDEX "audit_entry_at_idx" RENAME TO "audit_event_at_idx";
ALTER SEQUENCE "audit_entry_id_seq" RENAME TO "audit_event_id_seq";
