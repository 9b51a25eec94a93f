import { type Anchor, readAnchors } from "#lib/audit/anchors.ts";
import { checkHash } from "#lib/audit/chain.ts";
import type { Connection } from "#lib/db/client.ts";

const BATCH = 1_000;

/** How the trail stands: the first event that is not as it was written, and what is the matter where something is. */
export type TrailCheck = { entries: number; broken: number | null; problem?: string };

type Finding = { id: number; problem: string };

const changed = (id: number) => ({ id, problem: `Event ${id} was changed, or an event before it was taken out` });
const replaced = (id: number) => ({
  id,
  problem: `Event ${id} is not the one whose hash was noted outside of the database: the trail was replaced`,
});

/** Walks the chain and holds it against what was noted outside. */
async function firstFinding(db: Connection, anchors: Map<number, Anchor>): Promise<Finding | undefined> {
  let [after, previous, keyed, foreign] = [0, "", false, 0];
  for (;;) {
    const rows = await db.auditEvent.findMany({ where: { id: { gt: after } }, orderBy: { id: "asc" }, take: BATCH });
    for (const row of rows) {
      const state = checkHash(previous, row);
      if (row.previous !== previous || state === "wrong" || (state === "plain" && keyed)) return changed(row.id);
      const anchor = anchors.get(row.id);
      if (anchor && anchor.hash !== row.hash) return replaced(row.id);
      anchors.delete(row.id);
      if (state === "foreign") foreign ||= row.id;
      keyed ||= state !== "plain";
      previous = row.hash;
    }
    after = rows.at(-1)?.id ?? after;
    if (rows.length === BATCH) continue;
    if (!foreign) return undefined;
    return {
      id: foreign,
      problem: `Events from ${foreign} on were written by a portal with another secret (cookie-secret), and cannot be checked by this one`,
    };
  }
}

/** The noted events that are not there: all of a trail that was emptied, or those at its end. */
function missing(anchors: Map<number, Anchor>): Finding | undefined {
  const [first] = [...anchors.values()].sort((a, b) => a.id - b.id);
  if (!first) return undefined;
  return {
    id: first.id,
    problem: `Event ${first.id} and ${anchors.size - 1} others that were noted outside of the database are missing: the end of the trail was cut off, or the database is an older one`,
  };
}

/** How many events there are, and the first that is not as it was written. */
export async function checkTrail(db: Connection, noted: Anchor[] = readAnchors()): Promise<TrailCheck> {
  const anchors = new Map(noted.map((anchor) => [anchor.id, anchor]));
  const [entries, found] = await Promise.all([db.auditEvent.count(), firstFinding(db, anchors)]);
  const finding = found ?? missing(anchors);
  return finding ? { entries, broken: finding.id, problem: finding.problem } : { entries, broken: null };
}

/** The id of the first event that was changed, or that follows one that was taken out; undefined for a whole trail. */
export const firstBroken = async (db: Connection): Promise<number | undefined> =>
  (await checkTrail(db)).broken ?? undefined;
