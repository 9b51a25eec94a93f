import { readFileSync } from "node:fs";
import { join } from "node:path";

// What a container may use, by the files of its own control group. On a host the root group has none of these, or a limit that is none.

const textOf = (sys: string, ...path: string[]): string | undefined => {
  try {
    return readFileSync(join(sys, "fs", "cgroup", ...path), "latin1").trim();
  } catch {
    return undefined;
  }
};

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

/** A figure of a table of names and numbers. */
const entryOf = (text: string | undefined, name: string): number | undefined =>
  numberOf(new RegExp(`^${name} (\\d+)$`, "m").exec(text ?? "")?.[1]);

/** Memory limit and use in bytes, without the page cache that the kernel takes back first; undefined without a limit. Version 2, else 1. */
export function cgroupMemory(sys = "/sys"): { limit: number; used: number; cached: number } | undefined {
  const second = numberOf(textOf(sys, "memory.max"));
  const limit = second ?? numberOf(textOf(sys, "memory", "memory.limit_in_bytes"));
  const current = numberOf(
    textOf(sys, ...(second === undefined ? ["memory", "memory.usage_in_bytes"] : ["memory.current"])),
  );
  if (limit === undefined || current === undefined || limit === 0) return undefined;
  const table = second === undefined ? textOf(sys, "memory", "memory.stat") : textOf(sys, "memory.stat");
  const inactive = entryOf(table, second === undefined ? "total_inactive_file" : "inactive_file") ?? 0;
  const cached = entryOf(table, second === undefined ? "total_cache" : "file") ?? 0;
  return { limit, used: Math.min(Math.max(current - inactive, 0), limit), cached: Math.min(cached, limit) };
}

/** How many processors' time a container gets; undefined without a quota. */
export function cgroupCores(sys = "/sys"): number | undefined {
  const [quota, period] = textOf(sys, "cpu.max")?.split(" ") ?? [
    textOf(sys, "cpu", "cpu.cfs_quota_us"),
    textOf(sys, "cpu", "cpu.cfs_period_us"),
  ];
  const [q, p] = [numberOf(quota), numberOf(period)];
  return q && p ? q / p : undefined;
}

/** Processor time that a container has used, µs; undefined where it is not accounted. */
export function cgroupCpuTime(sys = "/sys"): { usage: number; user: number; system: number } | undefined {
  const table = textOf(sys, "cpu.stat");
  const [usage, user, system] = ["usage_usec", "user_usec", "system_usec"].map((name) => entryOf(table, name));
  return usage === undefined ? undefined : { usage, user: user ?? 0, system: system ?? 0 };
}
