import type { SessionRow } from "#lib/databases/read/sessions.ts";

/** Sessions of a minute that were alike, and how often they were seen. */
export type SessionGroupRow = { wait: string; queryId: string; user: string; database: string; seen: number };

/** A minute's samples: how often was looked, and what was seen. */
export type SessionMinute = { samples: number; groups: SessionGroupRow[] };

const MOST_GROUPS = 200;

const keyOf = ({ wait, queryId, user, database }: Omit<SessionGroupRow, "seen">) =>
  [wait, queryId, user, database].join("\n");

/** Gathers the samples of a minute; what is rare of very many is left out. */
export class SessionSamples {
  #samples = 0;
  #groups = new Map<string, SessionGroupRow>();

  add(rows: SessionRow[]): void {
    this.#samples += 1;
    for (const { wait, queryId, user, database } of rows) {
      const row = { wait, queryId, user, database, seen: 0 };
      const key = keyOf(row);
      const group = this.#groups.get(key) ?? row;
      group.seen += 1;
      this.#groups.set(key, group);
    }
  }

  /** What was seen since the last call; undefined where nobody looked. */
  take(): SessionMinute | undefined {
    const minute = { samples: this.#samples, groups: [...this.#groups.values()] };
    this.#samples = 0;
    this.#groups = new Map();
    return minute.samples === 0 ? undefined : trimmed(minute);
  }
}

const trimmed = ({ samples, groups }: SessionMinute): SessionMinute => ({
  samples,
  groups: groups.toSorted((a, b) => b.seen - a.seen).slice(0, MOST_GROUPS),
});

/** Several minutes as one. */
export function mergeMinutes(minutes: SessionMinute[]): SessionMinute {
  const groups = Map.groupBy(
    minutes.flatMap((minute) => minute.groups),
    keyOf,
  );
  return trimmed({
    samples: minutes.reduce((sum, { samples }) => sum + samples, 0),
    groups: [...groups.values()].map((same) => ({
      ...(same[0] as SessionGroupRow),
      seen: same.reduce((sum, { seen }) => sum + seen, 0),
    })),
  });
}
