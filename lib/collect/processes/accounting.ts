import type { Stat } from "#lib/collect/processes/stat.ts";

/** What a process has used since it started, as far as it has been read: ticks of 10 ms, and bytes where the kernel says. */
type Totals = { ticks: number; read: number; write: number };

/** A process between two passes. `io` is false where its I/O may not be read. */
export type Tracked = {
  pid: number;
  stat: Stat;
  totals: Totals;
  io: boolean;
  /** Since the pass before, of itself and of its children that ended meanwhile. */
  used: Totals;
};

type ReadIo = (pid: number) => { read: number; write: number } | undefined;

const none = (): Totals => ({ ticks: 0, read: 0, write: 0 });
const add = (a: Totals, b: Totals): Totals => ({
  ticks: a.ticks + b.ticks,
  read: a.read + b.read,
  write: a.write + b.write,
});
const above = (now: number, before: number): number => Math.max(0, now - before);

/** Instants of a process' start and of a pass are rounded apart. */
const ROUNDING_TICKS = 10;

/**
 * What each process used between two passes. A process is its PID and its start, so that a PID that is used again counts anew; one that is first
 * seen counts from its start only where it started since the pass before. The kernel adds what a child used to its parent's totals once that has waited for
 * it: of this only what was not counted while the child was seen is the parent's, so that many short children are found, and the end of a long one is
 * no peak.
 */
export class Accounting {
  readonly #readIo: ReadIo;
  #tracked = new Map<number, Tracked>();
  /** The pass before, ticks since the machine started. */
  #passedAt: number | undefined;

  constructor(readIo: ReadIo) {
    this.#readIo = readIo;
  }

  /** Takes the processes of a pass at `now` (ticks since the machine started); at most `limit` ticks can have been used by each. */
  pass(stats: ReadonlyMap<number, Stat>, now: number, limit = Number.POSITIVE_INFINITY): Tracked[] {
    const ended = this.#endedChildren(stats);
    const next = new Map<number, Tracked>();
    for (const [pid, stat] of stats) {
      const before = this.#before(pid, stat);
      next.set(pid, before ? this.#again(before, stat, ended.get(pid)) : this.#first(pid, stat));
    }
    for (const { used } of next.values()) used.ticks = Math.min(used.ticks, limit);
    this.#tracked = next;
    this.#passedAt = now;
    return [...next.values()];
  }

  #before(pid: number, { start }: Stat): Tracked | undefined {
    const before = this.#tracked.get(pid);
    return before?.stat.start === start ? before : undefined;
  }

  /** What was already counted of processes that are gone, by the nearest ancestor that is still there. */
  #endedChildren(stats: ReadonlyMap<number, Stat>): Map<number, Totals> {
    const isThere = (pid: number) => {
      const [stat, before] = [stats.get(pid), this.#tracked.get(pid)];
      return stat !== undefined && stat.start === before?.stat.start;
    };
    const ended = new Map<number, Totals>();
    for (const { pid, stat, totals } of this.#tracked.values()) {
      if (isThere(pid)) continue;
      let ancestor = stat.parent;
      for (let depth = 0; depth < 100 && !isThere(ancestor); depth++) {
        const parent = this.#tracked.get(ancestor);
        if (!parent) break;
        ancestor = parent.stat.parent;
      }
      ended.set(ancestor, add(ended.get(ancestor) ?? none(), totals));
    }
    return ended;
  }

  #first(pid: number, stat: Stat): Tracked {
    const bytes = stat.kernel ? undefined : this.#readIo(pid);
    const totals = { ticks: stat.ticks + stat.childTicks, read: bytes?.read ?? 0, write: bytes?.write ?? 0 };
    const isNew = this.#passedAt !== undefined && stat.start >= this.#passedAt - ROUNDING_TICKS;
    return { pid, stat, totals, io: bytes !== undefined, used: isNew ? { ...totals } : none() };
  }

  /** I/O is read only of a process that has run, is blocked, or has lost a child: of the others it stands still. */
  #again(before: Tracked, stat: Stat, ended: Totals = none()): Tracked {
    const ticks = stat.ticks + stat.childTicks;
    const moved =
      ticks !== before.totals.ticks || stat.state === "blocked" || ended.ticks + ended.read + ended.write > 0;
    const bytes = before.io && moved ? this.#readIo(before.pid) : undefined;
    const totals = { ticks, read: bytes?.read ?? before.totals.read, write: bytes?.write ?? before.totals.write };
    const own = above(stat.ticks, before.stat.ticks);
    const used = {
      ticks: own + above(stat.childTicks, before.stat.childTicks + ended.ticks),
      read: above(totals.read, before.totals.read + ended.read),
      write: above(totals.write, before.totals.write + ended.write),
    };
    return { pid: before.pid, stat, totals, io: before.io && (!moved || bytes !== undefined), used };
  }
}
