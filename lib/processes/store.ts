import { MAX_GROUPS, type ProcessTop, processGroupSchema, processTopSchema } from "#lib/contract/processes.ts";
import type { Database } from "#lib/db/client.ts";
import { log } from "#lib/log.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import { encodeBlock } from "#lib/processes/block.ts";

let warned = false;

/** A top without the groups that cannot be stored, which keep no other back; undefined for what is no top. */
export function cleanTop(top: unknown): ProcessTop | undefined {
  const { spanMs, groups } = (top ?? {}) as Partial<ProcessTop>;
  if (!processTopSchema.shape.spanMs.safeParse(spanMs).success || !Array.isArray(groups)) return undefined;
  const clean = groups.slice(0, MAX_GROUPS).flatMap((group) => processGroupSchema.safeParse(group).data ?? []);
  if (clean.length < groups.length && !warned) {
    warned = true;
    log.warn(
      { groups: groups.length, stored: clean.length },
      "groups of processes were left out, and will be without another word",
    );
  }
  return { spanMs: spanMs as number, groups: clean };
}

/**
 * Stores which processes used most, of those frames of a host that say so and have been stored. What is there already stays, so that the same frame
 * twice is harmless. @throws what the database says where it may be tried again
 */
export async function storeProcesses(db: Database, hostId: number, frames: readonly Frame[]): Promise<void> {
  const rows = frames.flatMap(({ at, processes }) => {
    const top = processes && cleanTop(processes);
    return top ? [{ hostId, at: new Date(at), data: encodeBlock([{ at, ...top }]) }] : [];
  });
  if (rows.length > 0) await db.processSample.createMany({ data: rows, skipDuplicates: true });
}
