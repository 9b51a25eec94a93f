import { type StatusGroup, type StatusPage, statusUrl } from "#lib/alerts/status-pages.ts";
import type { HostScope, Transition } from "#lib/alerts/store-alerts.ts";
import { portalUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { portalSecret } from "#lib/config/secret.ts";
import { readSigned, signValue } from "#lib/crypto/signed.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { queueNotice } from "#lib/notify/notices.ts";
import { DAY_MS } from "#lib/time/durations.ts";

const PURPOSE = "status subscription";

/** A subscription that nobody confirms is forgotten after so long (ms). */
const UNCONFIRMED_MS = DAY_MS;

const linkOf = (id: number, act: "confirm" | "unsubscribe"): string =>
  `${portalUrl(readEnvironment())}/status-subscription?act=${act}&token=${encodeURIComponent(signValue(PURPOSE, id, portalSecret()))}`;

/**
 * Sends a link to an address, by which it is notified from then on. The answer is the same whether it was subscribed before: nobody learns who
 * is. @throws DomainError conflict where no mails are sent
 */
export async function subscribe(db: Connection, page: StatusPage, email: string, now: number): Promise<void> {
  const key = { pageId: page.id, email: email.toLowerCase() };
  await db.statusSubscriber.deleteMany({
    where: { confirmedAt: null, createdAt: { lt: new Date(now - UNCONFIRMED_MS) } },
  });
  const present = await db.statusSubscriber.findUnique({ where: { pageId_email: key } });
  // A link that was just sent is not sent again: nobody's mailbox is filled by others.
  if (present) return;
  const { id } = await db.statusSubscriber.create({ data: { ...key, createdAt: new Date(now) } });
  const lines = [
    `You, or somebody with your address, subscribed to incidents of ${page.title}.`,
    `To confirm that, open ${linkOf(id, "confirm")}`,
    "If it was not you, do nothing: no more emails will come.",
  ];
  const sent = await queueNotice(db, `status subscription ${id}`, {
    to: email,
    subject: `Confirm: ${page.title}`,
    lines,
  });
  if (sent) return;
  await db.statusSubscriber.delete({ where: { id } });
  throw new DomainError("conflict", "This portal sends no emails: subscribe to the RSS feed");
}

const readToken = (token: string): number => {
  const id = readSigned<number>(PURPOSE, token, portalSecret());
  if (id === undefined) throw new DomainError("not-found", "This link is incomplete: copy all of it from the email");
  return id;
};

/** Confirms a subscription. @throws DomainError not-found for one that is gone */
export async function confirmSubscription(db: Connection, token: string, now: number): Promise<void> {
  const where = { id: readToken(token) };
  const { count } = await db.statusSubscriber.updateMany({ where, data: { confirmedAt: new Date(now) } });
  if (count === 0) throw new DomainError("not-found", "This subscription has ended: subscribe again");
}

/** Ends a subscription; one that has ended stays so. @throws DomainError not-found for a forged link */
export async function endSubscription(db: Connection, token: string): Promise<void> {
  await db.statusSubscriber.deleteMany({ where: { id: readToken(token) } });
}

/** Queues, in the transaction that stores changes of a host's alerts, the mails of critical ones to the subscribers of its pages. */
export async function notifySubscribers({ tx, hostId }: HostScope, transitions: Transition[]): Promise<void> {
  const critical = transitions.filter(
    ({ severity, state }) => severity === "critical" && (state === "firing" || state === "resolved"),
  );
  if (critical.length === 0) return;
  const pages = await tx.statusPage.findMany({ include: { subscribers: { where: { confirmedAt: { not: null } } } } });
  for (const { subscribers, ...page } of pages) {
    const group = (page.groups as StatusGroup[]).find(({ hostIds }) => hostIds.includes(hostId));
    if (!group || subscribers.length === 0) continue;
    const rows = await tx.alert.findMany({ where: { hostId, id: { in: critical.map(({ alertId }) => alertId) } } });
    for (const { alertId, state } of critical) {
      const rule = rows.find(({ id }) => id === alertId)?.rule ?? "";
      const subject = `${page.title}: ${group.name} ${state === "firing" ? "has an incident" : "is back"}`;
      for (const { id, email } of subscribers) {
        const lines = [`${group.name}: ${rule}`, statusUrl(page), `To unsubscribe, open ${linkOf(id, "unsubscribe")}`];
        await queueNotice(tx, `status ${page.id} ${id} ${hostId} ${alertId} ${state}`, { to: email, subject, lines });
      }
    }
  }
}
