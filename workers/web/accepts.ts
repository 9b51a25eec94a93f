import type { IncomingMessage } from "node:http";

/** Whether who asks can read an encoding, by its name, and does not refuse it. */
export const accepts = ({ headers }: IncomingMessage, encoding: "br" | "gzip"): boolean =>
  String(headers["accept-encoding"] ?? "")
    .split(",")
    .some((part) => new RegExp(`^\\s*${encoding}\\s*(;\\s*q=(?!0(\\.0+)?\\s*$).*)?$`).test(part));

const LOOPBACK = /^(::1|(::ffff:)?127\.)/;
const FORWARDED = /^(x-)?forwarded/i;

/** Whether a program of this machine asks, for itself and for nobody else: by what came, since what is not believed of it is taken away. */
export const isOfThisMachine = ({ socket, rawHeaders }: IncomingMessage): boolean =>
  LOOPBACK.test(socket.remoteAddress ?? "") && !rawHeaders.some((name, n) => n % 2 === 0 && FORWARDED.test(name));
