import { reading, type Sensor } from "#lib/collect/sensor.ts";
import { systemInformation } from "#lib/collect/system-information.ts";
import type { Reading } from "#lib/metrics/frame.ts";

/** Reading temperatures starts a shell, and they move slowly; a machine without them is asked again rarely. */
const EVERY_MS = 30_000;
const EVERY_MS_WITHOUT = 600_000;

/** Reads temperatures in degrees Celsius, where the machine has sensors. */
export function temperatureSensor(read = systemInformation.cpuTemperature): Sensor {
  let last: Reading[] = [];
  let dueAt = 0;
  return {
    name: "temperature",
    async read() {
      if (performance.now() < dueAt) return last;
      const { main, cores } = await read();
      last = [];
      if (main !== null) last.push(reading("system.temperature", main, { sensor: "cpu" }));
      cores.forEach((value, core) => {
        last.push(reading("system.temperature", value, { sensor: `core ${core}` }));
      });
      dueAt = performance.now() + (last.length > 0 ? EVERY_MS : EVERY_MS_WITHOUT);
      return last;
    },
  };
}
