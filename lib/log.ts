import { pino } from "pino";

/** Structured log on standard error's sibling: one JSON line an event, secrets removed by path. */
export const log = pino({
  level: process.env.LOG_LEVEL ?? "info",
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: ["password", "*.password", "token", "*.token", "cookie", "*.cookie", "databaseUrl", "*.databaseUrl"],
});

/** What went wrong, in one line: the last of Prisma's many, which is the server's own. */
export function reasonOf(error: unknown): string {
  return (error as Error).message.trim().split("\n").at(-1) ?? "";
}
