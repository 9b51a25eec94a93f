import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cgroupMemory } from "#lib/collect/cgroup.ts";
import { percent, reading, type Sensor } from "#lib/collect/sensor.ts";

/** The figures of /proc/meminfo in bytes. @throws Error for what is no such table */
function parseMeminfo(text: string): Map<string, number> {
  const figures = [...text.matchAll(/^(\w[\w()]*):\s+(\d+) kB$/gm)].map(([, name = "", kib]): [string, number] => [
    name,
    Number(kib) * 1024,
  ]);
  if (!figures.some(([name]) => name === "MemTotal")) throw new Error("it has no MemTotal");
  return new Map(figures);
}

/** What ZFS keeps in its cache beyond what it always keeps, bytes: the kernel counts it as used, and gets it back when it needs it. */
function reclaimableArc(proc: string): number {
  let table: string;
  try {
    table = readFileSync(join(proc, "spl", "kstat", "zfs", "arcstats"), "latin1");
  } catch {
    return 0;
  }
  const figure = (name: string) => Number(new RegExp(`^${name}\\s+\\d+\\s+(\\d+)$`, "m").exec(table)?.[1] ?? 0);
  return Math.max(0, figure("size") - figure("c_min"));
}

/** Reads memory and swap, in bytes and as shares, from /proc/meminfo; in a container with a limit, memory from its control group. */
export function memorySensor(proc = "/proc", sys = "/sys"): Sensor {
  return {
    name: "memory",
    read() {
      const figures = parseMeminfo(readFileSync(join(proc, "meminfo"), "latin1"));
      const figure = (name: string) => figures.get(name) ?? 0;
      const whole = figure("MemTotal");
      const arc = reclaimableArc(proc);
      const pages = figure("Buffers") + figure("Cached") + figure("SReclaimable");
      // Kernels before 3.14 do not say what is available.
      const free = Math.min(whole, (figures.get("MemAvailable") ?? figure("MemFree") + pages) + arc);
      const group = cgroupMemory(sys);
      const own = group && group.limit < whole ? group : undefined;
      const total = own?.limit ?? whole;
      const used = own?.used ?? whole - free;
      return [
        reading("memory.usage", percent(used, total)),
        reading("memory.total", total),
        reading("memory.used", used),
        reading("memory.available", total - used),
        reading("memory.cached", own?.cached ?? pages + arc),
        reading("swap.total", figure("SwapTotal")),
        reading("swap.used", figure("SwapTotal") - figure("SwapFree")),
      ];
    },
  };
}
