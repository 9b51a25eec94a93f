import { strengthOf } from "#lib/access/strength.ts";
import { PASSWORD_MAX } from "#lib/contract/password-length.ts";
import { passwordSchema } from "#lib/contract/users.ts";
import { invalidField } from "#lib/errors.ts";

/** OWASP's argon2id parameters for interactive sign-in: 19 MiB, 2 passes, 1 lane (the library's default algorithm is argon2id). */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** zxcvbn's third of five steps: guessed in less than 10^8 tries. */
const MIN_SCORE = 3;

/** What is wrong with a new password, in words for the one who chooses it; undefined when nothing is. */
export async function passwordProblem(password: string, personal: string[] = []): Promise<string | undefined> {
  const length = passwordSchema.safeParse(password);
  if (!length.success) return length.error.issues[0]?.message;
  const words = personal.flatMap((text) => [text, ...text.split(/[@.\s]+/)]).filter((word) => word.length > 2);
  const { score, advice } = await strengthOf(password, [...words, "sightline"]);
  if (score >= MIN_SCORE) return undefined;
  return `This password is on lists of breached ones or easily guessed. ${advice}`.trim();
}

/** @throws DomainError validation, naming `field` */
export async function assertPassword(password: string, personal: string[], field = "password"): Promise<void> {
  const message = await passwordProblem(password, personal);
  if (message) throw invalidField(field, message);
}

/** The Argon2id hash of a password, with its salt and cost in it. */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await import("@node-rs/argon2");
  return hash(password, ARGON2);
}

let decoy: Promise<string> | undefined;

/** Verifies in the same time whether there is an account (a hash) or not (null). */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const { verify } = await import("@node-rs/argon2");
  decoy ??= hashPassword("no account has this password");
  const matches = await verify(passwordHash ?? (await decoy), password.slice(0, PASSWORD_MAX));
  return passwordHash !== null && matches;
}
