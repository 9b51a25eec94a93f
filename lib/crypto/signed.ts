import { createHmac, timingSafeEqual } from "node:crypto";

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
