import { userIdOf } from "#lib/access/users.ts";
import { acknowledgeAlert } from "#lib/alerts/attend-alert.ts";
import type { AlertAction } from "#lib/alerts/channels/message.ts";
import { readAlert } from "#lib/alerts/list-alerts.ts";
import { silenceAlert } from "#lib/alerts/silences.ts";
import { portalSecret } from "#lib/config/secret.ts";
import { hashToken, readSigned, signValue } from "#lib/crypto/signed.ts";
import type { Database } from "#lib/db/client.ts";
import { isUniqueViolation } from "#lib/db/unique.ts";
import { DomainError } from "#lib/errors.ts";
import { DAY_MS } from "#lib/time/durations.ts";

// What lets whoever holds a mail, and nobody else, acknowledge its alert or silence it: once, and for a week.

const PURPOSE = "alert action";
const LIFETIME_MS = 7 * DAY_MS;

type Value = [hostId: number, alertId: number, action: AlertAction, email: string, expiresAt: number];

/** A token that does one thing about one alert in the name of an address. */
export const actionToken = (hostId: number, alertId: number, action: AlertAction, email: string, now: number): string =>
  signValue(PURPOSE, [hostId, alertId, action, email, now + LIFETIME_MS] satisfies Value, portalSecret());

const gone = () =>
  new DomainError("not-found", "This link has expired, was used before or is incomplete: open the alert in Sightline");

function readToken(token: string, now: number): Value {
  const value = readSigned<Value>(PURPOSE, token, portalSecret());
  if (!value || value[4] <= now) throw gone();
  return value;
}

/** What a link would do, and about which alert. */
export type LinkedAction = { action: AlertAction; host: string; summary: string; over: boolean };

/** What a link would do. Reading it uses nothing up: mail programs look at links. @throws DomainError not-found */
export async function readLinkedAction(db: Database, token: string, now: number): Promise<LinkedAction> {
  const [hostId, alertId, action] = readToken(token, now);
  if (await db.alertLinkUse.findUnique({ where: { hash: hashToken(token) } })) throw gone();
  const { host, summary, endedAt } = await readAlert(db, hostId, alertId);
  return { action, host, summary, over: endedAt !== null };
}

/** Does what a link says, once. @throws DomainError not-found, conflict for an alert that is over */
export async function followLink(db: Database, token: string, now: number): Promise<LinkedAction> {
  const [hostId, id, action, email] = readToken(token, now);
  const { host, summary, rule, series } = await readAlert(db, hostId, id);
  try {
    await db.alertLinkUse.create({ data: { hash: hashToken(token), usedAt: new Date(now) } });
  } catch (error) {
    if (isUniqueViolation(error)) throw gone();
    throw error;
  }
  const [userId, comment] = [(await userIdOf(db, email)) ?? null, `by a link in the email to ${email}`];
  if (action === "acknowledge") {
    await acknowledgeAlert(db, { hostId, id, userId, now }, { comment, until: null });
  } else {
    await silenceAlert(db, { host, rule, series }, { comment, userId, now });
  }
  return { action, host, summary, over: false };
}

/** Forgets links that have expired anyhow at `now` (ms). */
export async function removeUsedLinks(db: Database, now: number): Promise<number> {
  return (await db.alertLinkUse.deleteMany({ where: { usedAt: { lt: new Date(now - LIFETIME_MS) } } })).count;
}
