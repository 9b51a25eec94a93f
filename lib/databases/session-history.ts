import type { z } from "zod";
import type { sessionHistory } from "#lib/contract/database-rows.ts";
import type { SessionGroup } from "#lib/contract/enums.ts";
import { readSessionSpan } from "#lib/databases/store/history.ts";
import { findServer, keyOf } from "#lib/databases/store/servers.ts";
import type { SessionGroupRow } from "#lib/databases/store/session-groups.ts";
import { readStoredTexts } from "#lib/databases/store/statement-texts.ts";
import type { Connection } from "#lib/db/client.ts";

type SessionHistory = z.output<typeof sessionHistory>;

/** So many groups are drawn; the others are one. */
const MOST_GROUPS = 10;
const OTHERS = "other";
const NO_QUERY = "0";

const KEYS: Record<SessionGroup, (row: SessionGroupRow) => string> = {
  wait: ({ wait }) => wait,
  query: ({ queryId }) => queryId,
  user: ({ user }) => user,
  database: ({ database }) => database,
};

/**
 * How many sessions did something in [from, to) in ms, on average of each minute or hour, by group: the most frequent ones, and the others as one.
 * @throws DomainError not-found
 */
export async function readSessionHistory(
  db: Connection,
  id: number,
  { from, to, by }: { from: number; to: number; by: SessionGroup },
): Promise<SessionHistory> {
  const key = keyOf(await findServer(db, id));
  const { stepS, stored } = await readSessionSpan(db, key, { from, to });
  const samples = stored.reduce((sum, { value }) => sum + value.samples, 0);
  const totals = new Map<string, number>();
  for (const { value } of stored)
    for (const group of value.groups) totals.set(KEYS[by](group), (totals.get(KEYS[by](group)) ?? 0) + group.seen);
  const sorted = [...totals].sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, MOST_GROUPS).map(([name]) => name);
  const names = sorted.length > shown.length ? [...shown, OTHERS] : shown;
  const nameOf = (row: SessionGroupRow) => (shown.includes(KEYS[by](row)) ? KEYS[by](row) : OTHERS);
  const texts =
    by === "query"
      ? await readStoredTexts(
          db,
          key,
          shown.filter((name) => name !== NO_QUERY),
        )
      : undefined;
  const titleOf = (name: string) => {
    if (name === OTHERS) return "All others";
    if (by === "query") return texts?.get(name)?.text ?? "Statement not known";
    return name === "" ? "none" : name;
  };
  const seenOf = (groups: SessionGroupRow[], name: string) =>
    groups.filter((row) => nameOf(row) === name).reduce((sum, { seen }) => sum + seen, 0);
  return {
    stepS,
    groups: names.map((name) => ({
      ...{ key: name, title: titleOf(name) },
      average: stored.reduce((sum, { value }) => sum + seenOf(value.groups, name), 0) / Math.max(1, samples),
      points: stored.map(({ at, value }): [number, number] => [
        at,
        seenOf(value.groups, name) / Math.max(1, value.samples),
      ]),
    })),
  };
}
