import { readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { cgroupCores, cgroupCpuTime } from "#lib/collect/cgroup.ts";
import { percent, reading, type Sensor } from "#lib/collect/sensor.ts";
import type { Reading } from "#lib/metrics/frame.ts";

/** Ticks since boot of one line of /proc/stat. */
export type CpuTimes = { user: number; system: number; idle: number; iowait: number; steal: number; total: number };

/**
 * The cpu lines of /proc/stat: first all cores together, then each.
 * systeminformation leaves iowait out, so the kernel's own table is read; guest time is part of user there.
 * @throws Error for what is no such table
 */
export function parseCpuTimes(stat: string): Map<string, CpuTimes> {
  const cores = new Map<string, CpuTimes>();
  for (const line of stat.split("\n")) {
    if (!line.startsWith("cpu")) break;
    const [name = "", ...ticks] = line.trim().split(/\s+/);
    const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = ticks.map(Number);
    const times = { user: user + nice, system: system + irq + softirq, idle, iowait, steal, total: 0 };
    times.total = times.user + times.system + times.idle + times.iowait + times.steal;
    cores.set(name, times);
  }
  if (!cores.has("cpu")) throw new Error("it has no line of all processors");
  return cores;
}

/** iowait may run backwards (proc(5)), and a core may come or go: a share is then 0 rather than nonsense. */
function share(now: CpuTimes, before: CpuTimes, part: (times: CpuTimes) => number): number | null {
  const whole = now.total - before.total;
  return percent(Math.min(Math.max(part(now) - part(before), 0), Math.max(whole, 0)), whole);
}

const busy = (times: CpuTimes) => times.user + times.system + times.steal;

/** The shares of time (percent) between two readings of /proc/stat, of all cores and of each. */
export function cpuReadings(now: Map<string, CpuTimes>, before: Map<string, CpuTimes>): Reading[] {
  const readings: Reading[] = [];
  for (const [name, times] of now) {
    const last = before.get(name) ?? times;
    if (name !== "cpu") {
      readings.push(reading("cpu.core.usage", share(times, last, busy), { core: name.slice(3) }));
      continue;
    }
    readings.push(
      reading("cpu.usage", share(times, last, busy)),
      reading(
        "cpu.user",
        share(times, last, (t) => t.user),
      ),
      reading(
        "cpu.system",
        share(times, last, (t) => t.system),
      ),
      reading(
        "cpu.iowait",
        share(times, last, (t) => t.iowait),
      ),
      reading(
        "cpu.steal",
        share(times, last, (t) => t.steal),
      ),
    );
  }
  return readings;
}

/** In a container with a quota what it uses of that takes the place of what the whole machine does. */
function containerCpu(sys: string): () => Map<string, number | null> | undefined {
  const read = () => ({ time: cgroupCpuTime(sys), atMs: performance.now() });
  let before = read();
  return () => {
    const [last, now, cores] = [before, read(), cgroupCores(sys)];
    before = now;
    if (cores === undefined || cores >= availableParallelism() || !now.time || !last.time) return undefined;
    const wholeUs = (now.atMs - last.atMs) * 1000 * cores;
    const shareOf = (name: "usage" | "user" | "system") => {
      const used = (now.time?.[name] ?? 0) - (last.time?.[name] ?? 0);
      return percent(Math.min(Math.max(used, 0), wholeUs), wholeUs);
    };
    return new Map([
      ["cpu.usage", shareOf("usage")],
      ["cpu.user", shareOf("user")],
      ["cpu.system", shareOf("system")],
    ]);
  };
}

/** Reads how the processors spent the time since the last reading; the first has none. */
export function cpuSensor(proc = "/proc", sys = "/sys"): Sensor {
  const read = () => parseCpuTimes(readFileSync(join(proc, "stat"), "latin1"));
  let before = read();
  const ofContainer = containerCpu(sys);
  return {
    name: "cpu",
    read() {
      const now = read();
      const readings = cpuReadings(now, before);
      before = now;
      const own = ofContainer();
      return own ? readings.map((r) => ({ ...r, value: own.get(r.metric) ?? r.value })) : readings;
    },
  };
}

/** Reads the load averages of 1, 5 and 15 minutes. */
export function loadSensor(): Sensor {
  return {
    name: "load",
    read() {
      const [minute = 0, five = 0, fifteen = 0] = loadavg();
      const round = (load: number) => Math.round(load * 100) / 100;
      return [reading("load.1m", round(minute)), reading("load.5m", round(five)), reading("load.15m", round(fifteen))];
    },
  };
}
