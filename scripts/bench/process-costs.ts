import { readFileSync } from "node:fs";
import { parseStat, TICK_MS } from "#lib/collect/processes/stat.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { descendants } from "../../tests/support/portal.ts";

/** CPU seconds of a process so far, with those of the children that ended: their parent has their times. */
export function cpuSeconds(pid: number): number {
  const { ticks = Number.NaN, childTicks = Number.NaN } = parseStat(readFileSync(`/proc/${pid}/stat`, "latin1")) ?? {};
  return ((ticks + childTicks) * TICK_MS) / SECOND_MS;
}

/** The same of several. */
export const sumOfCpuSeconds = (pids: number[]): number => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);

const MIB_KIB = 1024;

/** A process's share of memory, MiB: what others map too counts by its part. */
function proportionalMib(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) / MIB_KIB;
}

/** What a process and all below it hold and have used: MiB and CPU seconds. One that ends meanwhile is left out. */
export function costsOfTree(pid: number): { mib: number; cpuS: number } {
  const costs = { mib: 0, cpuS: 0 };
  for (const id of [pid, ...descendants(pid).map((process) => process.pid)])
    try {
      costs.mib += proportionalMib(id);
      costs.cpuS += cpuSeconds(id);
    } catch {}
  return costs;
}
