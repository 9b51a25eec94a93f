import * as z from "#lib/contract/schema.ts";
import "#lib/contract/messages.ts";
import { PASSWORD_MAX, PASSWORD_MIN } from "#lib/contract/password-length.ts";
import { roleSchema } from "#lib/contract/shared.ts";

// The rules that a form in the browser and the server share: nothing here loads more than zod.

/** A domain as a resolver takes it, in letters of any script; also a single name, as of this machine. */
function isDomain(domain: string): boolean {
  if (!/^[\p{L}\p{N}\p{M}.-]+$/u.test(domain) || /^[.-]|[.-]$|\.\.|-\.|\.-/.test(domain)) return false;
  const url = `http://${domain}/`;
  return (
    URL.canParse(url) &&
    new URL(url).hostname.length <= 253 &&
    new URL(url).hostname.split(".").every((label) => label.length <= 63)
  );
}

/** An address of RFC 5321 and, in letters of any script, RFC 6531; without quotes, comments and addresses in brackets. */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  const isLocal =
    /^[\p{L}\p{N}\p{M}\p{Emoji_Presentation}!#$%&'*+/=?^_`{|}~.-]+$/u.test(local) && !/^\.|\.$|\.\./.test(local);
  return at > 0 && isLocal && new TextEncoder().encode(local).length <= 64 && isDomain(domain);
}

const EMAIL_HINT = "Write an email address, such as ana@example.org";

/** Whom a mail goes to. */
export const recipientSchema = z.string().trim().normalize("NFC").max(254).refine(isEmail, EMAIL_HINT);

export const emailSchema = z.string().trim().normalize("NFC").toLowerCase().max(254).refine(isEmail, EMAIL_HINT);

export const passwordSchema = z
  .string()
  .min(PASSWORD_MIN, `Use at least ${PASSWORD_MIN} characters; several words in a row are fine`)
  .max(PASSWORD_MAX, `Use at most ${PASSWORD_MAX} characters`);

/** What somebody is called. */
export const nameSchema = z.string().trim().min(1, "Write your name").max(100, "Use at most 100 characters");

export const newUserSchema = z.object({
  email: emailSchema,
  name: nameSchema.optional(),
  password: z.string(),
  role: roleSchema.default("viewer"),
});

export const setupSchema = z.object({
  token: z.string().trim().min(1, "Copy the token from the terminal that runs Sightline"),
  name: nameSchema,
  email: emailSchema,
  password: passwordSchema,
});

export const signInSchema = z.object({
  email: z.string().trim().min(1, "Write your email address"),
  password: z.string().min(1, "Write your password"),
});

export const passwordChangeSchema = z.object({
  current: z.string().min(1, "Write your present password"),
  next: passwordSchema,
});
