const MAX_REASON = 500;

/**
 * What went wrong, in one line: the last of Prisma's many, which is the server's own. An error without words, as when no address of a name
 * answers, is told by its code; and whatever else can be thrown is told too. PostgreSQL stores it: no U+0000, no half of a character, and at
 * most 500 characters, since a failure that cannot be written down would never end.
 */
export function reasonOf(error: unknown): string {
  const { message = String(error), code = "", name = "" } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const line = String(message).trim().split("\n").at(-1)?.trim() || code || name;
  return line.replaceAll("\u0000", "").slice(0, MAX_REASON).toWellFormed();
}
