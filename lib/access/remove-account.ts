import { keepAdministrator, readAccount } from "#lib/access/accounts.ts";
import { closeAccess } from "#lib/access/close-access.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { DomainError, invalidField } from "#lib/errors.ts";

/** What becomes of a column that names a user when their account is deleted. */
export type Fate = "hand over" | "forget" | "goes with it" | "stays";

/**
 * Every column that names a user, by table and column. What somebody owns is handed over; that they touched something is forgotten; what only they
 * could use goes; histories keep a number that leads to nobody. A test holds this against the schema.
 */
export const USER_COLUMNS: Record<string, Fate> = {
  "experiment.owner_id": "hand over",
  "report_template.created_by": "hand over",
  "report_schedule.created_by": "hand over",
  "analytics_report.created_by": "hand over",
  "annotation.created_by": "hand over",
  "report_share.created_by": "hand over",
  "publishable_key.created_by": "hand over",
  "setting.updated_by": "forget",
  "detection_override.updated_by": "forget",
  "performance_anomaly.status_by": "forget",
  "incident.assigned_to": "forget",
  "incident_event.user_id": "forget",
  "post_mortem.updated_by": "forget",
  "enrolment_token.created_by": "forget",
  "uptime_check.created_by": "forget",
  "event_hook.created_by": "forget",
  "input.created_by": "forget",
  "alert_rule.created_by": "forget",
  "slo.created_by": "forget",
  "alert_channel.created_by": "forget",
  "alert_silence.created_by": "forget",
  "status_page.created_by": "forget",
  "database_server.created_by": "forget",
  "alert.acknowledged_by": "forget",
  "alert.assigned_to": "forget",
  "alert_event.user_id": "forget",
  "recommendation_state.status_by": "forget",
  "on_call_override.user_id": "goes with it",
  "push_subscription.user_id": "goes with it",
  "session.user_id": "goes with it",
  "api_token.user_id": "goes with it",
  "account_link.user_id": "goes with it",
  "export_job.owner_id": "goes with it",
  "experiment_change.user_id": "stays",
  "audit_event.user_id": "stays",
};

const columnsThat = (fate: Fate) =>
  Object.entries(USER_COLUMNS).flatMap(([path, own]) => (own === fate ? [path.split(".") as [string, string]] : []));

const quoted = (name: string) => Prisma.raw(`"${name}"`);

async function pass(tx: Connection, fate: Fate, from: string, to: string | null): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [table, column] of columnsThat(fate)) {
    const rows = await tx.$executeRaw`
      UPDATE ${quoted(table)} SET ${quoted(column)} = ${to}::uuid WHERE ${quoted(column)} = ${from}::uuid`;
    if (rows > 0) counts[table.replaceAll("_", " ")] = rows;
  }
  return counts;
}

/**
 * Deletes an account; what it owns goes to another, who must be named where there is something. Answers how many of what were handed over.
 * @throws DomainError not-found, validation for a heir that cannot be, conflict for what has no heir and for the last administrator
 */
export function removeAccount(db: Database, id: string, heirId: string | undefined): Promise<Record<string, number>> {
  return keepAdministrator(db, async (tx) => {
    await readAccount(tx, id);
    if (heirId !== undefined) await assertHeir(tx, id, heirId);
    const owned = await pass(tx, "hand over", id, heirId ?? null);
    if (heirId === undefined && Object.keys(owned).length > 0) {
      const list = Object.entries(owned)
        .map(([what, count]) => `${count} × ${what}`)
        .join(", ");
      const message = `This account owns something (${list}): name in "to" the account that gets it`;
      throw new DomainError("conflict", message, { fields: [{ field: "to", message }] });
    }
    await pass(tx, "forget", id, null);
    await closeAccess(tx, id);
    await tx.user.delete({ where: { id } });
    return owned;
  });
}

async function assertHeir(tx: Connection, id: string, heirId: string): Promise<void> {
  const heir = await tx.user.findUnique({ where: { id: heirId }, select: { disabledAt: true } });
  if (heir && !heir.disabledAt && heirId !== id) return;
  const message = "Name another account that is not disabled";
  throw invalidField("to", message);
}
