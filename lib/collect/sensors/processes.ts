import { uptime } from "node:os";
import type { ProcessWatch } from "#lib/collect/processes/process-watch.ts";
import { STATE_NAMES } from "#lib/collect/processes/stat.ts";
import { reading, type Sensor } from "#lib/collect/sensor.ts";

/** Counts processes, in all and by state. */
export function processSensor(processes: ProcessWatch): Sensor {
  return {
    name: "processes",
    read() {
      const counts = new Map(STATE_NAMES.map((name) => [name, 0]));
      const stats = processes.read();
      for (const { state } of stats.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
      return [
        reading("process.count", stats.size),
        ...STATE_NAMES.map((state) => reading("process.state", counts.get(state) ?? 0, { state })),
        reading("system.uptime", Math.round(uptime())),
      ];
    },
  };
}
