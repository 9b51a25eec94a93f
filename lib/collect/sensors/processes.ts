import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { uptime } from "node:os";
import { reading, type Sensor } from "#lib/collect/sensor.ts";

const STATES: Record<string, string> = {
  R: "running",
  S: "sleeping",
  D: "blocked",
  T: "stopped",
  t: "stopped",
  Z: "zombie",
  I: "idle",
};
const NAMES = [...new Set(Object.values(STATES))];

/** The state letter stands behind the command's closing bracket; the command itself may hold brackets. */
export function parseState(stat: string): string | undefined {
  return STATES[stat.charAt(stat.lastIndexOf(")") + 2)];
}

const buffer = Buffer.alloc(512);

function readState(proc: string, pid: string): string | undefined {
  try {
    const file = openSync(`${proc}/${pid}/stat`, "r");
    try {
      return parseState(buffer.toString("latin1", 0, readSync(file, buffer, 0, buffer.length, 0)));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined; // It ended between the listing and the reading.
  }
}

/** Counts processes, in all and by state, from /proc. */
export function processSensor(proc = "/proc"): Sensor {
  return {
    name: "processes",
    read() {
      const counts = new Map(NAMES.map((name) => [name, 0]));
      let total = 0;
      for (const entry of readdirSync(proc)) {
        if (entry < "0" || entry > "9:") continue;
        const state = readState(proc, entry);
        if (!state) continue;
        total += 1;
        counts.set(state, (counts.get(state) ?? 0) + 1);
      }
      return [
        reading("process.count", total),
        ...NAMES.map((state) => reading("process.state", counts.get(state) ?? 0, { state })),
        reading("system.uptime", Math.round(uptime())),
      ];
    },
  };
}
