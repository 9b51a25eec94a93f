import type { IncomingMessage } from "node:http";

/** Whether who asks can read an encoding, by its name, and does not refuse it. */
export const accepts = ({ headers }: IncomingMessage, encoding: "br" | "gzip"): boolean =>
  String(headers["accept-encoding"] ?? "")
    .split(",")
    .some((part) => new RegExp(`^\\s*${encoding}\\s*(;\\s*q=(?!0(\\.0+)?\\s*$).*)?$`).test(part));
