import { pino } from "pino";
import { originalStack } from "#lib/log/original-stack.ts";

/** Structured log on standard error's sibling: one JSON line an event, secrets removed by path. */
export const log = pino({
  level: process.env.LOG_LEVEL ?? "info",
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: {
    log: (event) => (typeof event.error === "string" ? { ...event, error: originalStack(event.error) } : event),
  },
  redact: ["password", "*.password", "token", "*.token", "cookie", "*.cookie", "databaseUrl", "*.databaseUrl"],
});

// Whoever logs says why; what has no use for a log takes it from where it is.
export { reasonOf } from "#lib/reason.ts";
