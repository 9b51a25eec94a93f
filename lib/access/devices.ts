import { randomBytes } from "node:crypto";
import { readSigned, signValue } from "#lib/crypto/signed.ts";

// Device cookies, as OWASP describes them: a browser that has been in an account is told from whoever else guesses its password.

/** As long as browsers keep a cookie at most. */
export const DEVICE_MAX_AGE_S = 400 * 86_400;

type Device = { account: string; nonce: string };

/** A token that says that a browser has been in an account. */
export const deviceToken = (account: string, secret: string): string =>
  signValue("device", { account, nonce: randomBytes(12).toString("base64url") } satisfies Device, secret);

/** What tells the browser from others; undefined for a token that is forged, or of another account. */
export function knownDevice(token: string | undefined, account: string, secret: string): string | undefined {
  const device = token ? readSigned<Device>("device", token, secret) : undefined;
  return device?.account === account ? device.nonce : undefined;
}
