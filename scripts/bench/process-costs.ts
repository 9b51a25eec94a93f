import { readFileSync } from "node:fs";
import { parseStat, TICK_MS } from "#lib/collect/processes/stat.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** CPU seconds of a process so far, with those of the children that ended: their parent has their times. */
export function cpuSeconds(pid: number): number {
  const { ticks = Number.NaN, childTicks = Number.NaN } = parseStat(readFileSync(`/proc/${pid}/stat`, "latin1")) ?? {};
  return ((ticks + childTicks) * TICK_MS) / SECOND_MS;
}

/** The same of several. */
export const sumOfCpuSeconds = (pids: number[]): number => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
