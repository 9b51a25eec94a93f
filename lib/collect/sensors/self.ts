import { readFileSync } from "node:fs";
import { percent, reading, type Sensor } from "#lib/collect/sensor.ts";

/** Memory of this process in bytes: in RAM, and not shared with any other. */
export function ownMemory(rollup = readFileSync("/proc/self/smaps_rollup", "latin1")): {
  resident: number;
  private: number;
} {
  const bytes = (field: string) => Number(rollup.match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"))?.[1] ?? 0) * 1024;
  return { resident: bytes("Rss"), private: bytes("Private_Clean") + bytes("Private_Dirty") };
}

/** What the collecting process itself costs. */
export function selfSensor(): Sensor {
  let usage = process.cpuUsage();
  let atMs = performance.now();
  return {
    name: "self",
    read() {
      const spent = process.cpuUsage(usage);
      const elapsedMs = performance.now() - atMs;
      usage = process.cpuUsage();
      atMs = performance.now();
      const memory = ownMemory();
      return [
        reading("collector.cpu", percent((spent.user + spent.system) / 1000, elapsedMs)),
        reading("collector.memory.resident", memory.resident),
        reading("collector.memory.private", memory.private),
      ];
    },
  };
}
