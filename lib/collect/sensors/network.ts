import { readFileSync } from "node:fs";
import { join } from "node:path";
import { reading, type Sensor } from "#lib/collect/sensor.ts";
import { carriers } from "#lib/collect/sensors/carriers.ts";
import type { MetricName } from "#lib/metrics/catalogue.ts";
import type { Reading } from "#lib/metrics/frame.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

const COLUMNS: [MetricName, number][] = [
  ["network.receive.bytes", 0],
  ["network.receive.packets", 1],
  ["network.receive.errors", 2],
  ["network.receive.drops", 3],
  ["network.transmit.bytes", 8],
  ["network.transmit.packets", 9],
  ["network.transmit.errors", 10],
  ["network.transmit.drops", 11],
];

/** The columns of each interface of /proc/net/dev: totals since boot. */
function parseNetDev(text: string): Map<string, number[]> {
  const rows = text.split("\n").slice(2);
  return new Map(
    rows.flatMap((row): [string, number[]][] => {
      const end = row.lastIndexOf(":");
      return end > 0
        ? [
            [
              row.slice(0, end).trim(),
              row
                .slice(end + 1)
                .trim()
                .split(/\s+/)
                .map(Number),
            ],
          ]
        : [];
    }),
  );
}

/** Reads the totals of each interface that carries traffic from /proc/net/dev. Which these are is looked up when interfaces come or go, and each minute. */
export function networkSensor(proc = "/proc", sys = "/sys"): Sensor {
  let seen = "";
  let chosen = new Set<string>();
  let chosenAt = Number.NEGATIVE_INFINITY;

  function choose(names: string[]): void {
    const now = performance.now();
    if (names.join(" ") === seen && now - chosenAt < MINUTE_MS) return;
    chosen = new Set(carriers(names, sys));
    [seen, chosenAt] = [names.join(" "), now];
  }

  return {
    name: "network",
    read() {
      const table = parseNetDev(readFileSync(join(proc, "net", "dev"), "utf8"));
      choose([...table.keys()]);
      return [...table].flatMap(([name, columns]): Reading[] =>
        chosen.has(name)
          ? COLUMNS.map(([metric, column]) => reading(metric, columns[column] ?? null, { interface: name }))
          : [],
      );
    },
  };
}
