import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Temperature } from "#lib/collect/probes/temperatures.ts";
import { reading, type Sensor } from "#lib/collect/sensor.ts";
import type { Reading } from "#lib/metrics/frame.ts";

/** Temperatures move slowly, and some sensors take long to answer; a machine without them is asked again rarely. */
const EVERY_MS = 30_000;
const EVERY_MS_WITHOUT = 600_000;

const hasEntries = (folder: string): boolean => {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
};

/** Has the machine anything that tells a temperature? The kernel's list of them cannot hang; a chip can. */
export const hasTemperatures = (sys: string): boolean =>
  hasEntries(join(sys, "class", "hwmon")) || hasEntries(join(sys, "class", "thermal"));

/** Reads temperatures in degrees Celsius, where the machine has sensors. */
export function temperatureSensor(read: () => Promise<Temperature[]>): Sensor {
  let last: Reading[] = [];
  let dueAt = 0;
  return {
    name: "temperature",
    async read() {
      if (performance.now() < dueAt) return last;
      last = (await read()).map(({ sensor, celsius }) => reading("system.temperature", celsius, { sensor }));
      dueAt = performance.now() + (last.length > 0 ? EVERY_MS : EVERY_MS_WITHOUT);
      return last;
    },
  };
}
