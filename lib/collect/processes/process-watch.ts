import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Accounting, type Tracked } from "#lib/collect/processes/accounting.ts";
import { maskCommandLine } from "#lib/collect/processes/command-line.ts";
import { parseMembership } from "#lib/collect/processes/control-group.ts";
import { parseIo, parseStat, type Stat, TICK_MS } from "#lib/collect/processes/stat.ts";
import { type Described, makeTop } from "#lib/collect/processes/top.ts";
import type { ProcessTop } from "#lib/contract/processes.ts";

/** A top is made at most this often, however short the interval. */
const TOP_EVERY_MS = 5_000;
/** Collections begin a little early or late. */
const ON_TIME = 0.9;
/** The first top may be of a shorter time: the collector looks once as it starts. */
const FIRST_MS = 500;
/** A process may be moved to another control group after it was first seen. */
const MEMBERSHIP_MS = 60_000;
const AT_PAGESZ = 6n;
const COMMAND_BYTES = 4_096;

type Cached = Described & { start: number; stated: string; dueAt: number; group: string; command: string | undefined };

const buffer = Buffer.alloc(COMMAND_BYTES);

/** The beginning of a file of /proc; undefined where the process has ended or the file may not be read. */
function readStart(path: string, length: number): string | undefined {
  try {
    const file = openSync(path, "r");
    try {
      return buffer.toString("utf8", 0, readSync(file, buffer, 0, length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** The size of a page of memory, bytes, by what the kernel gave this process. */
function readPageSize(proc: string): number {
  try {
    const auxv = readFileSync(`${proc}/self/auxv`);
    for (let at = 0; at + 16 <= auxv.length; at += 16)
      if (auxv.readBigUInt64LE(at) === AT_PAGESZ) return Number(auxv.readBigUInt64LE(at + 8));
  } catch {
    // Most have this one.
  }
  return 4_096;
}

/** Node and its kin call their main thread so: the program says more. */
const NO_NAME = /^(MainThread|node-MainThread)$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: a process may call itself anything
const printable = (name: string): string => name.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?").slice(0, 64) || "?";

/** A kernel thread's name without its number and what it works for: kworker/0:1-events is a kworker. */
const kernelName = (name: string): string => name.replace(/[/:].*$/, "").replace(/\d+$/, "") || name;

/**
 * All processes of /proc in one pass, and at most every five seconds which of them used most since the time before. What does not change of a process
 * is read once: its control group, and its command line only where it is among the first.
 */
export class ProcessWatch {
  readonly #proc: string;
  readonly #everyMs: number;
  readonly #accounting: Accounting;
  readonly #pageSize: number;
  readonly #cached = new Map<number, Cached>();
  /** Whether command lines are read at all. */
  commandLines = false;
  /** What containers are called, by their id. */
  containerNames: ReadonlyMap<string, string> = new Map();
  #passedAt: number | undefined;
  #madeOne = false;
  #top: ProcessTop | undefined;

  /** `everyMs` is how far apart tops are at least. */
  constructor(proc = "/proc", everyMs = TOP_EVERY_MS) {
    this.#proc = proc;
    this.#everyMs = everyMs;
    this.#pageSize = readPageSize(proc);
    this.#accounting = new Accounting((pid) => {
      const text = readStart(`${proc}/${pid}/io`, 512);
      return text === undefined || text === "" ? undefined : parseIo(text);
    });
  }

  /** Reads every process once. @throws where /proc cannot be listed */
  read(): Map<number, Stat> {
    const stats = new Map<number, Stat>();
    for (const entry of readdirSync(this.#proc)) {
      if (entry < "0" || entry > "9:") continue;
      const line = readStart(`${this.#proc}/${entry}/stat`, 512);
      const stat = line === undefined ? undefined : parseStat(line);
      if (stat) stats.set(Number(entry), stat);
    }
    const now = performance.now();
    const dueMs = this.#madeOne ? this.#everyMs * ON_TIME : Math.min(FIRST_MS, this.#everyMs);
    if (this.#passedAt === undefined || now - this.#passedAt >= dueMs) this.#pass(stats, now);
    return stats;
  }

  /** The containers that have processes, by their id or name, each with the path of its control group. */
  containers(): Map<string, string> {
    return new Map(
      [...this.#cached.values()].flatMap(({ container, group }) => (container ? [[container, group]] : [])),
    );
  }

  /** The newest top, each once; undefined where none was made since. */
  takeTop(): ProcessTop | undefined {
    const top = this.#top;
    this.#top = undefined;
    return top;
  }

  #pass(stats: Map<number, Stat>, now: number): void {
    const spanMs = now - (this.#passedAt ?? now);
    const first = this.#passedAt === undefined;
    this.#passedAt = now;
    // A process with many threads has all processors, and rounding, at most.
    const limit = (spanMs / TICK_MS) * availableParallelism() * 1.1 + 2;
    const tracked = this.#accounting.pass(stats, this.#uptimeTicks(), limit);
    for (const pid of this.#cached.keys()) if (!stats.has(pid)) this.#cached.delete(pid);
    // The first pass has nothing to compare with.
    if (first) return;
    this.#madeOne = true;
    const measures = { spanMs, pageSize: this.#pageSize };
    this.#top = makeTop(
      tracked,
      (process) => this.#named(this.#describe(process, now)),
      (pid) => this.#commandOf(pid),
      measures,
    );
  }

  #uptimeTicks(): number {
    return (Number.parseFloat(readStart(`${this.#proc}/uptime`, 64) ?? "0") * 1_000) / TICK_MS;
  }

  #named({ name, container, unit }: Described): Described {
    return { name, container: this.containerNames.get(container) ?? container, unit };
  }

  #describe({ pid, stat }: Tracked, now: number): Described {
    const before = this.#cached.get(pid);
    const same = before?.start === stat.start && before.stated === stat.name;
    if (same && now < before.dueAt) return before;
    const membership = stat.kernel
      ? { group: "", container: "", unit: "" }
      : parseMembership(readStart(`${this.#proc}/${pid}/cgroup`, COMMAND_BYTES) ?? "");
    const described = {
      ...membership,
      name: same ? before.name : printable(this.#nameOf(pid, stat)),
      start: stat.start,
      stated: stat.name,
      dueAt: now + MEMBERSHIP_MS,
      command: same ? before.command : undefined,
    };
    this.#cached.set(pid, described);
    return described;
  }

  #nameOf(pid: number, { name, kernel }: Stat): string {
    if (kernel) return kernelName(name);
    if (!NO_NAME.test(name)) return name;
    const program = (readStart(`${this.#proc}/${pid}/cmdline`, COMMAND_BYTES) ?? "").split("\0", 1)[0] ?? "";
    return program.slice(program.lastIndexOf("/") + 1).trim() || name;
  }

  #commandOf(pid: number): string {
    const cached = this.#cached.get(pid);
    if (!this.commandLines || !cached) return "";
    cached.command ??= maskCommandLine((readStart(`${this.#proc}/${pid}/cmdline`, COMMAND_BYTES) ?? "").split("\0"));
    return cached.command;
  }
}
