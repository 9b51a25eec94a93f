import type { Connection } from "#lib/db/client.ts";
import { replaceId } from "#lib/db/replace-id.ts";
import type { HostMove } from "#lib/tsdb/maintenance.ts";

/** Names one host in the place of another where variants are told apart by host. */
export const moveVariants = (tx: Connection, move: HostMove): Promise<void> =>
  replaceId(tx, "variant", "host_ids", move);
