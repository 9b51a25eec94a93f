import { createHash, createHmac, timingSafeEqual } from "node:crypto";

const mark = (purpose: string, text: string, secret: string) =>
  createHmac("sha256", secret).update(`${purpose} ${text}`).digest("base64url");

/** A value as a token that only this portal can have made, for one purpose. It can be read by anyone: nothing secret belongs in it. */
export function signValue(purpose: string, value: unknown, secret: string): string {
  const text = Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${text}.${mark(purpose, text, secret)}`;
}

/** The value of a token; undefined for one that is forged, changed or of another purpose. */
export function readSigned<T>(purpose: string, token: string, secret: string): T | undefined {
  const [text = "", signature = ""] = token.split(".");
  const [given, right] = [Buffer.from(signature), Buffer.from(mark(purpose, text, secret))];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  return JSON.parse(Buffer.from(text, "base64url").toString()) as T;
}

/** A token for what has an id, until an instant (ms). */
export const signUntil = (purpose: string, id: number, expiresAt: number, secret: string): string =>
  signValue(purpose, [id, expiresAt], secret);

/** The id that a token is for; undefined for one that has expired by now (ms), and for those that readSigned refuses. */
export function readUnexpired(purpose: string, token: string, secret: string, now: number): number | undefined {
  const [id, expiresAt = 0] = readSigned<[number, number]>(purpose, token, secret) ?? [];
  return expiresAt > now ? id : undefined;
}

/** What is kept of a token that opens something: nobody who reads the database can use it. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("base64url");
