import { reading, type Sensor } from "#lib/collect/sensor.ts";
import type { Unit } from "#lib/collect/units.ts";

const MOST = 200;

/**
 * Services of systemd that are failed, or that systemd has restarted, since this began to look; each keeps its series, so that its end is seen too. `read` answers
 * undefined where there is no systemd.
 */
export function unitSensor(read: () => Promise<Unit[] | undefined>): Sensor {
  const seen = new Map<string, Unit>();
  return {
    name: "units",
    async read() {
      const units = await read();
      if (!units) return [];
      for (const [name, unit] of seen) seen.set(name, { ...unit, failed: false });
      // Those that are failed first: there may be more than are kept.
      for (const unit of units.toSorted((a, b) => Number(b.failed) - Number(a.failed)))
        if (seen.has(unit.name) || seen.size < MOST) seen.set(unit.name, unit);
      return [
        reading("unit.failed.count", units.filter(({ failed }) => failed).length),
        ...[...seen.values()].flatMap(({ name, failed, restarts }) => [
          reading("unit.failed", failed ? 1 : 0, { unit: name }),
          reading("unit.restarts", restarts, { unit: name }),
        ]),
      ];
    },
  };
}
