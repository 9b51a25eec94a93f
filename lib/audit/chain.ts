import { createHash, createHmac, hkdfSync } from "node:crypto";
import { portalSecret } from "#lib/config/secret.ts";

// Each event's hash covers the hash before it. It is keyed (HMAC-SHA256, RFC 2104) by a key that is not in the database, so that whoever writes
// there cannot make a chain of their own. Events of versions before have a plain SHA-256, which no event may have once one was keyed.

/** What a hash covers of an event. */
export type Chained = {
  at: Date;
  userId: string | null;
  email: string;
  action: string;
  subject: string;
  details: unknown;
};

/** Keys in order, so that the same details always hash alike, however the database gives them back. */
const canonical = (details: unknown): string =>
  JSON.stringify(Object.entries((details ?? {}) as object).sort(([a], [b]) => (a < b ? -1 : 1)));

const textOf = (previous: string, { at, userId, email, action, subject, details }: Chained): string =>
  [previous, at.toISOString(), userId ?? "", email, action, subject, canonical(details)].join("\n");

type Key = { id: string; bytes: Buffer };
let derived: { secret: string; key: Key } | undefined;

/** The key of this portal, with a name that says nothing of it. */
function ownKey(): Key {
  const secret = portalSecret();
  if (derived?.secret !== secret) {
    const bytes = Buffer.from(hkdfSync("sha256", secret, "", "sightline audit trail", 32));
    derived = { secret, key: { bytes, id: createHash("sha256").update(bytes).digest("hex").slice(0, 8) } };
  }
  return derived.key;
}

/** The hash of an event that follows another (by its hash; "" for the first). */
export function hashOf(previous: string, event: Chained): string {
  const { id, bytes } = ownKey();
  return `k1.${id}.${createHmac("sha256", bytes).update(textOf(previous, event)).digest("hex")}`;
}

/** How an event's hash stands: `foreign` was keyed by another portal, and cannot be checked here. */
export type HashState = "right" | "plain" | "wrong" | "foreign";

/** Checks the hash of an event that follows another. */
export function checkHash(previous: string, event: Chained & { hash: string }): HashState {
  const [version, keyId] = event.hash.split(".");
  if (version === "k1" && keyId !== ownKey().id) return "foreign";
  if (version === "k1") return event.hash === hashOf(previous, event) ? "right" : "wrong";
  const plain = createHash("sha256").update(textOf(previous, event)).digest("hex");
  return event.hash === plain ? "plain" : "wrong";
}
