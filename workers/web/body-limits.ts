import type { Settings } from "#lib/contract/settings.ts";
import { DomainError } from "#lib/errors.ts";
import { endpointAt } from "./endpoints.ts";

const KIB = 1024;
/** What a form of ours, or a plan by hand, takes many times over. */
const LIMIT_KIB = 64;

const takesBatches = (url: string | undefined): boolean => endpointAt(url)?.ingest === true;

/** How long the body of a request may be, KiB: by its path, before anything of it is read. */
export const bodyLimitKib = (
  { url }: { url?: string | undefined },
  settings: Pick<Settings, "ingest_max_kib">,
): number => (takesBatches(url) ? settings.ingest_max_kib : LIMIT_KIB);

export const bodyBytes = (kib: number): number => kib * KIB;

/** What is said of a longer one. */
export function tooLong({ url }: { url?: string | undefined }, kib: number): DomainError {
  const remedy = takesBatches(url)
    ? "send less at once or compressed, or raise the setting ingest_max_kib"
    : "send less at once";
  return new DomainError("too-large", `The body is longer than ${kib} KiB: ${remedy}`, {
    fields: [{ field: "body", message: `Send at most ${kib} KiB at once` }],
  });
}
