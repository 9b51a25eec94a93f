import type { MetricName } from "#lib/metrics/catalogue.ts";
import type { Labels, Reading } from "#lib/metrics/frame.ts";

/** Something that can be read now: its name appears in logs and in collector.failures. */
export type Sensor = { name: string; read(): Promise<Reading[]> | Reading[] };

/** A reading of a metric of the catalogue; a value that is not finite is a missing one. */
export function reading(metric: MetricName, value: number | null, labels: Labels = {}): Reading {
  return { metric, labels, value: value !== null && Number.isFinite(value) ? value : null };
}

/** Share of a whole in percent, two decimals; null for an empty whole. */
export function percent(part: number, whole: number): number | null {
  return whole > 0 ? Math.round((10_000 * part) / whole) / 100 : null;
}

/** A sensor that is made when it can be: one that cannot be made now fails like any other, and is tried again at its next reading. */
export function retried(name: string, make: () => Sensor): Sensor {
  let sensor: Sensor | undefined;
  const made = () => {
    sensor ??= make();
    return sensor;
  };
  try {
    made();
  } catch {
    // Its reading will say why.
  }
  return { name, read: () => made().read() };
}
