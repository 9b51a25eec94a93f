import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * When a running process started, in clock ticks since boot, which tells it from a later one with the same number.
 * Undefined for one that has ended, also while nobody has collected its exit status (a zombie).
 */
export function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Whether a process of this id is there. */
export const isRunning = (pid: number): boolean => startTime(pid) !== undefined;

/** The running processes that work in a folder: a PostgreSQL server and its backends do so in their data folder. */
export function processesIn(dir: string): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === dir && isRunning(pid);
      } catch {
        return false;
      }
    });
}
