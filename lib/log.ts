import { pino } from "pino";

/** Structured log on standard error's sibling: one JSON line an event, secrets removed by path. */
export const log = pino({
  level: process.env.LOG_LEVEL ?? "info",
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: ["password", "*.password", "token", "*.token", "cookie", "*.cookie", "databaseUrl", "*.databaseUrl"],
});

/**
 * What went wrong, in one line: the last of Prisma's many, which is the server's own. An error without words, as when no address of a name
 * answers, is told by its code; and whatever else can be thrown is told too.
 */
export function reasonOf(error: unknown): string {
  const { message = String(error), code = "", name = "" } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  return message.trim().split("\n").at(-1)?.trim() || code || name;
}
