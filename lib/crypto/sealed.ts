import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const VERSION = "v1";

const keyOf = (secret: string) => Buffer.from(hkdfSync("sha256", secret, "", "sightline sealed settings", 32));

/** A secret as text for the database: AES-256-GCM under a key derived from the portal's own secret. */
export function sealText(text: string, secret: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyOf(secret), nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return [VERSION, nonce, cipher.getAuthTag(), sealed]
    .map((part) => (typeof part === "string" ? part : part.toString("base64url")))
    .join(".");
}

/** What was sealed; undefined for what was changed, or sealed under another secret. */
export function openText(sealed: string, secret: string): string | undefined {
  const [version, nonce = "", tag = "", body = ""] = sealed.split(".");
  if (version !== VERSION) return undefined;
  try {
    const decipher = createDecipheriv("aes-256-gcm", keyOf(secret), Buffer.from(nonce, "base64url"));
    decipher.setAuthTag(Buffer.from(tag, "base64url"));
    return Buffer.concat([decipher.update(Buffer.from(body, "base64url")), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}
