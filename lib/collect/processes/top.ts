import type { Tracked } from "#lib/collect/processes/accounting.ts";
import type { Membership } from "#lib/collect/processes/control-group.ts";
import type { ProcessGroup, ProcessTop } from "#lib/contract/processes.ts";

const TOP_BY_EACH = 15;

/** What is known of a process beside its figures. */
export type Described = Membership & { name: string };

type Group = Omit<ProcessGroup, "command"> & { most: number };

const tenth = (value: number): number => Math.round(value * 10) / 10;
const plus = (sum: number | null, value: number | null): number | null => (value === null ? sum : (sum ?? 0) + value);

function groupProcesses(
  tracked: readonly Tracked[],
  describe: (process: Tracked) => Described,
  { spanMs, pageSize }: { spanMs: number; pageSize: number },
): Group[] {
  const groups = new Map<string, Group>();
  const perSecond = (bytes: number) => (bytes * 1_000) / spanMs;
  for (const process of tracked) {
    const { name, container, unit } = describe(process);
    const key = JSON.stringify([name, container, unit]);
    const group = groups.get(key) ?? {
      ...{ name, container, unit, count: 0, cpu: 0, memory: 0, read: null, write: null, pid: 0, most: -1 },
    };
    const { pid, stat, used, io } = process;
    const cpu = (used.ticks * 10 * 100) / spanMs;
    const memory = stat.pages * pageSize;
    group.count += 1;
    group.cpu += cpu;
    group.memory += memory;
    group.read = plus(group.read, io ? perSecond(used.read) : null);
    group.write = plus(group.write, io ? perSecond(used.write) : null);
    // The one to show is the busiest, and of those that rest the largest.
    const weight = cpu + (used.read + used.write) / 1e6 + memory / 1e15;
    if (weight > group.most) Object.assign(group, { pid, most: weight });
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The first by a measure, of those that used anything; equals by name, so that they do not change places at random. */
function firstBy(groups: readonly Group[], measure: (group: Group) => number): Group[] {
  return groups
    .filter((group) => measure(group) > 0)
    .sort((a, b) => measure(b) - measure(a) || (a.name < b.name ? -1 : 1))
    .slice(0, TOP_BY_EACH);
}

/**
 * The groups of processes (by name, container and unit) that used most CPU, memory or I/O in `spanMs`, each with the command line of its busiest
 * process.
 */
export function makeTop(
  tracked: readonly Tracked[],
  describe: (process: Tracked) => Described,
  commandOf: (pid: number) => string,
  measures: { spanMs: number; pageSize: number },
): ProcessTop {
  const groups = groupProcesses(tracked, describe, measures);
  const chosen = new Set([
    ...firstBy(groups, ({ cpu }) => cpu),
    ...firstBy(groups, ({ read, write }) => (read ?? 0) + (write ?? 0)),
    ...firstBy(groups, ({ memory }) => memory),
  ]);
  const whole = (value: number | null) => (value === null ? null : Math.round(value));
  return {
    spanMs: Math.max(1, Math.round(measures.spanMs)),
    groups: [...chosen].map(({ most: _, ...group }) => ({
      ...group,
      cpu: tenth(group.cpu),
      read: whole(group.read),
      write: whole(group.write),
      command: commandOf(group.pid),
    })),
  };
}
