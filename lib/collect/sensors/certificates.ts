import type { Prober } from "#lib/collect/prober.ts";
import { reading, type Sensor } from "#lib/collect/sensor.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const EVERY_MS = HOUR_MS;
const AGAIN_MS = MINUTE_MS;
const LIMIT_MS = 10_000;

/** How long the certificates named in CERTIFICATES are good for. Looked up hourly in the background, never in a cycle. */
export function certificateSensor(prober: Prober, locations = readEnvironment().certificates): Sensor {
  const ends = new Map<string, number>();
  let dueAt = 0;
  const look = async (location: string) => {
    try {
      ends.set(location, await prober.ask("certificate", location, LIMIT_MS));
    } catch {
      dueAt = Math.min(dueAt, performance.now() + AGAIN_MS);
    }
  };
  return {
    name: "certificates",
    read() {
      if (locations.length > 0 && performance.now() >= dueAt) {
        dueAt = performance.now() + EVERY_MS;
        for (const location of locations) void look(location);
      }
      return [...ends].map(([certificate, end]) =>
        reading("certificate.expires", Math.round((end - Date.now()) / 1000), { certificate }),
      );
    },
  };
}
