import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseStat, TICK_MS } from "#lib/collect/processes/stat.ts";
import { percent, reading, type Sensor } from "#lib/collect/sensor.ts";

/** Of a process, in bytes: what it has in RAM, and what of it is not shared with any other; by its /proc/PID/smaps_rollup. */
export function parseMemory(rollup: string): { resident: number; private: number } {
  const bytes = (field: string) => Number(rollup.match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"))?.[1] ?? 0) * 1024;
  return { resident: bytes("Rss"), private: bytes("Private_Clean") + bytes("Private_Dirty") };
}

/** The kernel walks all pages of a process to answer, and those of the helper hardly change. */
const HELPER_MEMORY_MS = 10_000;

/** What the collecting process costs, with the process that it started, if any. */
export function selfSensor(helperPid: () => number | undefined = () => undefined, proc = "/proc"): Sensor {
  let usage = process.cpuUsage();
  let atMs = performance.now();
  let helper = { pid: 0, cpuMs: 0, memory: { resident: 0, private: 0 }, dueAt: 0 };

  /** That of a process that has just ended is nothing. */
  function helperCosts() {
    const pid = helperPid();
    if (pid === undefined) return { cpuMs: 0, resident: 0, private: 0 };
    try {
      const stat = parseStat(readFileSync(join(proc, String(pid), "stat"), "latin1"));
      if (!stat) throw new Error("it is no process");
      const cpuMs = stat.ticks * TICK_MS;
      const before = pid === helper.pid ? helper : { pid, cpuMs: 0, memory: helper.memory, dueAt: 0 };
      const due = performance.now() >= before.dueAt;
      const memory = due ? parseMemory(readFileSync(join(proc, String(pid), "smaps_rollup"), "latin1")) : before.memory;
      helper = { pid, cpuMs, memory, dueAt: due ? performance.now() + HELPER_MEMORY_MS : before.dueAt };
      return { ...memory, cpuMs: cpuMs - before.cpuMs };
    } catch {
      return { cpuMs: 0, resident: 0, private: 0 };
    }
  }

  return {
    name: "self",
    read() {
      const spent = process.cpuUsage(usage);
      const elapsedMs = performance.now() - atMs;
      usage = process.cpuUsage();
      atMs = performance.now();
      const memory = parseMemory(readFileSync(join(proc, "self", "smaps_rollup"), "latin1"));
      const other = helperCosts();
      return [
        reading("collector.cpu", percent((spent.user + spent.system) / 1000 + other.cpuMs, elapsedMs)),
        reading("collector.memory.resident", memory.resident + other.resident),
        reading("collector.memory.private", memory.private + other.private),
      ];
    },
  };
}
