import { pino } from "pino";

/** Structured log on standard error's sibling: one JSON line an event, secrets removed by path. */
export const log = pino({
  level: process.env.LOG_LEVEL ?? "info",
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: ["password", "*.password", "token", "*.token", "cookie", "*.cookie", "databaseUrl", "*.databaseUrl"],
});

// Whoever logs says why; what has no use for a log takes it from where it is.
export { reasonOf } from "#lib/reason.ts";
