import { z } from "zod";
import { roleSchema } from "#lib/contract/roles.ts";

// The rules that a form in the browser and the server share: nothing here loads more than zod.

export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 128;

export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email("Write an email address, such as ana@example.org"));

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
