import type { IncomingMessage } from "node:http";
import { rootOf } from "#lib/contract/endpoint.ts";
import { ENDPOINTS, PROTOCOL_ENDPOINTS } from "#lib/contract/index.ts";
import type { Settings } from "#lib/contract/settings.ts";
import { DomainError } from "#lib/errors.ts";

const KIB = 1024;
/** What a form of ours, or a plan by hand, takes many times over. */
const LIMIT_KIB = 64;

const INGEST = [...ENDPOINTS, ...PROTOCOL_ENDPOINTS]
  .map((endpoint) => ({ ...endpoint, root: rootOf(endpoint) }))
  // OTLP is also taken at the root of the server.
  .flatMap((endpoint) => {
    const { protocol, path } = endpoint;
    return protocol === "otlp" ? [endpoint, { ...endpoint, root: "", path: path.replace("/otlp", "") }] : [endpoint];
  })
  .filter(({ ingest }) => ingest)
  .map(({ root, path }) => new RegExp(`^${root}${path.replace(/\{\w+\}/g, "[^/]+")}$`));

/** How long the body of a request may be, KiB: by its path, before anything of it is read. */
export function bodyLimitKib({ url = "/" }: IncomingMessage, settings: Pick<Settings, "ingest_max_kib">): number {
  const path = url.split("?")[0] ?? "/";
  return INGEST.some((pattern) => pattern.test(path)) ? settings.ingest_max_kib : LIMIT_KIB;
}

export const bodyBytes = (kib: number): number => kib * KIB;

/** What is said of a longer one. */
export const tooLong = (kib: number): DomainError =>
  new DomainError("too-large", `The body is longer than ${kib} KiB: send less at once`, {
    fields: [{ field: "body", message: `Send at most ${kib} KiB at once` }],
  });
