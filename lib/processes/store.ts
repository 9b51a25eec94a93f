import { MAX_GROUPS, type ProcessTop, processGroupSchema, processTopSchema } from "#lib/contract/processes.ts";
import type { Database } from "#lib/db/client.ts";
import { log } from "#lib/log.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import { encodeBlock } from "#lib/processes/block.ts";

let warned = false;

function warnOnce(reason: string): void {
  if (warned) return;
  warned = true;
  log.warn({ reason }, "processes were left out of a sample, and will be without another word");
}

/** A top without the groups that cannot be stored, which keep no other back; undefined for what is no top. `onLeftOut` hears what is not stored, and why. */
export function cleanTop(top: unknown, onLeftOut: (reason: string) => void = warnOnce): ProcessTop | undefined {
  const { spanMs, groups } = (top ?? {}) as Partial<ProcessTop>;
  if (!processTopSchema.shape.spanMs.safeParse(spanMs).success || !Array.isArray(groups)) {
    onLeftOut("The processes of a frame: send spanMs in 1 to 86,400,000 and groups as a list");
    return undefined;
  }
  if (groups.length > MAX_GROUPS)
    onLeftOut(`Of ${groups.length} groups of processes the first ${MAX_GROUPS} are stored`);
  const clean = groups.slice(0, MAX_GROUPS).flatMap((group, n) => {
    const { data, error } = processGroupSchema.safeParse(group);
    const [issue] = error?.issues ?? [];
    if (issue) onLeftOut(`Group ${n} of the processes of a frame: ${[...issue.path, issue.message].join(": ")}`);
    return data ?? [];
  });
  return { spanMs: spanMs as number, groups: clean };
}

/**
 * Stores which processes used most, of those frames of a host that say so and have been stored. What is there already stays, so that the same frame
 * twice is harmless; `onLeftOut` hears what cannot be stored of which frame. @throws what the database says where it may be tried again
 */
export async function storeProcesses<F extends Frame>(
  db: Database,
  hostId: number,
  frames: readonly F[],
  onLeftOut: (frame: F, reason: string) => void = (_, reason) => warnOnce(reason),
): Promise<void> {
  const rows = frames.flatMap((frame) => {
    const { at, processes } = frame;
    const top = processes === undefined ? undefined : cleanTop(processes, (reason) => onLeftOut(frame, reason));
    return top ? [{ at: new Date(at), data: encodeBlock([{ at, ...top }]) }] : [];
  });
  if (rows.length === 0) return;
  // As createMany would, whose plan Prisma's compiler makes anew each time.
  await db.$executeRaw`
    INSERT INTO process_sample (host_id, at, data)
    SELECT ${hostId}::int, at, data FROM unnest(${rows.map((row) => row.at)}::timestamptz[], ${rows.map((row) => row.data)}::bytea[]) AS r (at, data)
    ON CONFLICT DO NOTHING`;
}
