import { percent, reading, type Sensor } from "#lib/collect/sensor.ts";
import { systemInformation } from "#lib/collect/system-information.ts";

/** Reads memory and swap, in bytes and as shares. */
export function memorySensor(): Sensor {
  return {
    name: "memory",
    async read() {
      const memory = await systemInformation.mem();
      const used = memory.total - memory.available;
      return [
        reading("memory.usage", percent(used, memory.total)),
        reading("memory.total", memory.total),
        reading("memory.used", used),
        reading("memory.available", memory.available),
        reading("memory.cached", memory.buffcache),
        reading("swap.total", memory.swaptotal),
        reading("swap.used", memory.swapused),
      ];
    },
  };
}
