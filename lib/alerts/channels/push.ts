import { createECDH, hkdfSync } from "node:crypto";
import { readRole } from "#lib/access/users.ts";
import { portalUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { portalSecret } from "#lib/config/secret.ts";
import { may } from "#lib/contract/permissions.ts";
import type { Connection } from "#lib/db/client.ts";
import type { PushSubscription as Row } from "#lib/db/generated/client.ts";
import { DomainError, isDomainError } from "#lib/errors.ts";
import { assertOutgoing, postBytes } from "#lib/notify/outgoing.ts";
import { DAY_MS, SECOND_MS } from "#lib/time/durations.ts";

/** What a browser answers when it subscribes (Push API). */
export type NewSubscription = { endpoint: string; p256dh: string; auth: string };

/** What a browser shows. */
export type PushNote = { title: string; body: string; url: string; tag: string };

const TIMEOUT_MS = 10 * SECOND_MS;

/** So long (s) a push service keeps a note for a browser that is closed. */
const LIFETIME_S = DAY_MS / SECOND_MS;

/** The portal's keys (RFC 8292), made of its secret: a portal that is restored keeps its subscriptions. */
function vapidKeys(): { publicKey: string; privateKey: string } {
  const ecdh = createECDH("prime256v1");
  // A random scalar is too large for the curve once in 2^32; then the next is taken.
  for (let n = 0; ; n++)
    try {
      const scalar = Buffer.from(hkdfSync("sha256", portalSecret(), "", `sightline push ${n}`, 32));
      ecdh.setPrivateKey(scalar);
      return { publicKey: ecdh.getPublicKey("base64url"), privateKey: scalar.toString("base64url") };
    } catch (error) {
      if (n > 8) throw error;
    }
}

/** Whom a push service asks about what is sent: RFC 8292 wants an https or a mailto address. */
function contact(): string {
  const portal = portalUrl(readEnvironment());
  return portal.startsWith("https:") ? portal : "mailto:postmaster@localhost.localdomain";
}

/** The key that a browser subscribes with. */
export const pushKey = (): { publicKey: string } => ({ publicKey: vapidKeys().publicKey });

/** Has a browser take notifications for somebody; whose it was before, it is no more. @throws DomainError validation */
export async function addSubscription(db: Connection, userId: string, subscription: NewSubscription): Promise<void> {
  assertOutgoing(subscription.endpoint, "author", "endpoint");
  const { endpoint, ...keys } = subscription;
  await db.pushSubscription.upsert({
    where: { endpoint },
    create: { endpoint, userId, ...keys },
    update: { userId, ...keys },
  });
}

/** Has a browser of somebody take no notifications any more. */
export async function removeSubscription(db: Connection, userId: string, endpoint: string): Promise<void> {
  await db.pushSubscription.deleteMany({ where: { userId, endpoint } });
}

/** Sends a note to a browser; forgets one that has unsubscribed. @throws Error with what its push service answered */
async function sendNote(db: Connection, row: Row, note: PushNote, signal: AbortSignal | undefined): Promise<void> {
  const { endpoint, p256dh, auth } = row;
  const { default: webPush } = await import("web-push");
  const { headers, body } = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, JSON.stringify(note), {
    vapidDetails: { subject: contact(), ...vapidKeys() },
    TTL: LIFETIME_S,
    urgency: "high",
  });
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const { status } = await postBytes(endpoint, body, {
    ...{ trust: "author", limitMs: TIMEOUT_MS, headers: named },
    ...(signal && { signal }),
  });
  if (status === 404 || status === 410) await db.pushSubscription.deleteMany({ where: { id: row.id } });
  else if (status < 200 || status > 299) throw new Error(`${new URL(endpoint).host} answered ${status}`);
}

/**
 * Sends a note to the browsers of somebody, or of everybody who may see alerts. One that fails stops no other. @throws Error where there is
 * no browser, or none took it
 */
export async function pushNote(
  db: Connection,
  note: PushNote,
  userId: string | undefined,
  signal?: AbortSignal,
): Promise<void> {
  const rows = await db.pushSubscription.findMany({ where: userId === undefined ? {} : { userId } });
  const failures: string[] = [];
  let count = 0;
  for (const row of rows) {
    if (!may(await readRole(db, row.userId), "alerts:read")) continue;
    try {
      await sendNote(db, row, note, signal);
      count++;
    } catch (error) {
      if (signal?.aborted) throw error;
      failures.push(isDomainError(error) || error instanceof Error ? error.message : String(error));
    }
  }
  if (count > 0) return;
  if (failures[0] !== undefined) throw new Error(failures[0]);
  throw new DomainError("conflict", "No browser takes notifications: the bell at the top of each page has them sent");
}
