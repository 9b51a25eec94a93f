import { readFileSync } from "node:fs";
import { join } from "node:path";
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

/** Reads memory and swap, in bytes and as shares, from /proc/meminfo. */
export function memorySensor(proc = "/proc"): Sensor {
  return {
    name: "memory",
    read() {
      const figures = parseMeminfo(readFileSync(join(proc, "meminfo"), "latin1"));
      const figure = (name: string) => figures.get(name) ?? 0;
      const total = figure("MemTotal");
      const cached = figure("Buffers") + figure("Cached") + figure("SReclaimable");
      // Kernels before 3.14 do not say what is available.
      const available = figures.get("MemAvailable") ?? figure("MemFree") + cached;
      const used = total - available;
      return [
        reading("memory.usage", percent(used, total)),
        reading("memory.total", total),
        reading("memory.used", used),
        reading("memory.available", available),
        reading("memory.cached", cached),
        reading("swap.total", figure("SwapTotal")),
        reading("swap.used", figure("SwapTotal") - figure("SwapFree")),
      ];
    },
  };
}
