import { readFileSync } from "node:fs";
import { join } from "node:path";
import { percent, reading, type Sensor } from "#lib/collect/sensor.ts";
import type { Reading } from "#lib/metrics/frame.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** So many containers have series at once; the others stand among the processes. */
const MOST = 100;
/** What lives shorter gets no series: builds start thousands. */
const SETTLED_MS = MINUTE_MS;
/** One that is gone keeps its series for so long, without values: it may only be restarted. */
const KEPT_MS = HOUR_MS;

/** What a control group (version 2) has used: µs of CPU and of being held back, bytes. */
type Usage = { cpu: number; throttled: number; memory: number; read: number; write: number; processes: number };

const entry = (table: string, name: string): number =>
  Number(new RegExp(`^${name} (\\d+)$`, "m").exec(table)?.[1] ?? Number.NaN);
const sumOf = (table: string, name: string): number =>
  [...table.matchAll(new RegExp(`\\b${name}=(\\d+)`, "g"))].reduce((sum, [, bytes]) => sum + Number(bytes), 0);

/** The figures of one control group; undefined where it is gone or not of version 2. What a controller does not count is NaN. */
function readUsage(folder: string): Usage | undefined {
  const text = (file: string) => {
    try {
      return readFileSync(join(folder, file), "latin1");
    } catch {
      return "";
    }
  };
  const cpu = text("cpu.stat");
  if (cpu === "") return undefined;
  const [current, io, processes] = [text("memory.current"), text("io.stat"), text("pids.current")];
  const amount = (value: string) => (/^\d+\n?$/.test(value) ? Number(value) : Number.NaN);
  return {
    cpu: entry(cpu, "usage_usec"),
    throttled: entry(cpu, "throttled_usec"),
    memory: Math.max(0, amount(current) - (entry(text("memory.stat"), "inactive_file") || 0)),
    // A group that has read and written nothing has an empty table.
    read: sumOf(io, "rbytes"),
    write: sumOf(io, "wbytes"),
    processes: amount(processes),
  };
}

type Slot = { firstAt: number; seenAt: number; group: string; usage: Usage | undefined; usageAt: number };

/** The version 2 hierarchy, also beside version 1. */
const ROOTS = ["fs/cgroup", "fs/cgroup/unified"];

function readingsOf(container: string, slot: Slot, usage: Usage | undefined, elapsedMs: number): Reading[] {
  const label = { container };
  const before = slot.usage;
  const share = (now: number | undefined, then: number | undefined) =>
    now === undefined || then === undefined || now < then ? null : percent((now - then) / 1_000, elapsedMs);
  return [
    reading("container.cpu", share(usage?.cpu, before?.cpu), label),
    reading("container.cpu.throttled", share(usage?.throttled, before?.throttled), label),
    reading("container.memory", usage?.memory ?? null, label),
    reading("container.read.bytes", usage?.read ?? null, label),
    reading("container.write.bytes", usage?.write ?? null, label),
    reading("container.processes", usage?.processes ?? null, label),
  ];
}

/**
 * What containers use, by their control groups. `containers` answers those that have processes: names, and paths of their groups. Which series there are
 * changes seldom: a container has them once it has lived for a minute, and keeps them for an hour.
 */
export function containerSensor(
  containers: () => ReadonlyMap<string, string>,
  sys = "/sys",
  { settledMs = SETTLED_MS, now = () => performance.now() } = {},
): Sensor {
  const slots = new Map<string, Slot>();

  function see(at: number): void {
    for (const [name, group] of containers()) {
      const slot = slots.get(name);
      if (slot) Object.assign(slot, { seenAt: at, group });
      else if (slots.size < MOST) slots.set(name, { firstAt: at, seenAt: at, group, usage: undefined, usageAt: at });
    }
    for (const [name, { firstAt, seenAt }] of slots) {
      const brief = seenAt - firstAt < settledMs;
      if (at - seenAt > (brief ? settledMs : KEPT_MS)) slots.delete(name);
    }
  }

  function read(name: string, slot: Slot, at: number): Reading[] {
    const usage = ROOTS.map((root) => readUsage(join(sys, root, slot.group))).find((found) => found !== undefined);
    const readings = readingsOf(name, slot, usage, at - slot.usageAt);
    Object.assign(slot, { usage, usageAt: at });
    return slot.seenAt - slot.firstAt >= settledMs ? readings : [];
  }

  return {
    name: "containers",
    read() {
      const at = now();
      see(at);
      return [...slots].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, slot]) => read(name, slot, at));
    },
  };
}
