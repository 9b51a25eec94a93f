import { readFileSync } from "node:fs";
import { join } from "node:path";
import { reading, type Sensor } from "#lib/collect/sensor.ts";
import type { MetricName } from "#lib/metrics/catalogue.ts";
import type { Reading } from "#lib/metrics/frame.ts";

/** Loopback, and the host's end of containers and bridges, whose traffic is counted at the real interface already. */
const NOT_A_LINK = /^(lo|ifb\d+|dummy\d+|veth.*|docker\d+|br-.*|virbr\d+.*|tunl\d+|sit\d+|ip6tnl\d+|gre\d+)$/;

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

/** Totals since boot of each interface of /proc/net/dev. */
export function parseNetDev(text: string): Reading[] {
  return text
    .split("\n")
    .slice(2)
    .flatMap((line) => {
      const [name, numbers] = line.split(":");
      const label = name?.trim();
      if (!label || !numbers || NOT_A_LINK.test(label)) return [];
      const columns = numbers.trim().split(/\s+/).map(Number);
      return COLUMNS.map(([metric, column]) => reading(metric, columns[column] ?? null, { interface: label }));
    });
}

/** Reads the totals of each network interface from /proc/net/dev. */
export function networkSensor(proc = "/proc"): Sensor {
  return { name: "network", read: () => parseNetDev(readFileSync(join(proc, "net", "dev"), "latin1")) };
}
