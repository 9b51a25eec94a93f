import { MAX_GROUPS, MAX_RANGE_MS, type ProcessGroup } from "#lib/contract/processes.ts";
import type { Connection } from "#lib/db/client.ts";
import { invalidField } from "#lib/errors.ts";
import { decodeBlock, type ProcessSample } from "#lib/processes/block.ts";
import { mergeSamples } from "#lib/processes/seal.ts";
import { HOUR_MS, SECOND_MS } from "#lib/time/durations.ts";

/** Which processes used most between two instants, and of which time any are kept. */
export type ProcessUsage = {
  from: Date | null;
  to: Date | null;
  samples: number;
  groups: ProcessGroup[];
  kept: { from: Date; to: Date } | null;
};

const LEAST_REACH_MS = 15 * SECOND_MS;

/**
 * The samples of a host in [from, to] (ms), in order of time. What waits to be sealed is read before the blocks: what is sealed in between is read twice rather than
 * not at all.
 */
async function readSamples(db: Connection, hostId: number, from: number, to: number): Promise<ProcessSample[]> {
  const range = { gte: new Date(from), lte: new Date(to) };
  const rows = await db.processSample.findMany({ where: { hostId, at: range }, orderBy: { at: "asc" } });
  const found: ProcessSample[] = [];
  // One at a time, since each is tens of thousands of figures once it is open.
  for (let start = from - (from % HOUR_MS); start <= to; start += HOUR_MS) {
    const block = await db.processBlock.findUnique({ where: { hostId_start: { hostId, start: new Date(start) } } });
    if (block) found.push(...decodeBlock(block.data, from, to));
  }
  return mergeSamples([...found, ...rows.flatMap(({ data }) => decodeBlock(data))]);
}

/** The sample whose span holds an instant, else the newest before it within reach. */
function sampleAt(samples: readonly ProcessSample[], at: number, reachMs: number): ProcessSample[] {
  const covering = samples.find((sample) => sample.at >= at && sample.at - sample.spanMs < at);
  const before = samples.findLast((sample) => sample.at <= at && at - sample.at <= reachMs);
  return [covering ?? before ?? []].flat();
}

type Sum = ProcessGroup & { most: number; readMs: number; writeMs: number };

/** Means over the time of all samples. A group that is not in one was not among its first: it counts there as nothing. */
export function averageGroups(samples: readonly ProcessSample[]): ProcessGroup[] {
  const totalMs = samples.reduce((sum, { spanMs }) => sum + spanMs, 0);
  const sums = new Map<string, Sum>();
  for (const { spanMs, groups } of samples) {
    for (const group of groups) {
      const key = JSON.stringify([group.name, group.container, group.unit]);
      const sum = sums.get(key) ?? { ...group, cpu: 0, memory: 0, read: 0, write: 0, most: -1, readMs: 0, writeMs: 0 };
      const share = spanMs / totalMs;
      const { cpu, memory, read, write, count, pid, command } = group;
      sum.cpu += cpu * share;
      sum.memory += memory * share;
      sum.read = (sum.read ?? 0) + (read ?? 0) * share;
      sum.write = (sum.write ?? 0) + (write ?? 0) * share;
      if (read !== null) sum.readMs += spanMs;
      if (write !== null) sum.writeMs += spanMs;
      sum.count = Math.max(sum.count, count);
      const weight = cpu + ((read ?? 0) + (write ?? 0)) / 1e6;
      if (weight > sum.most) Object.assign(sum, { pid, command, most: weight });
      sums.set(key, sum);
    }
  }
  return [...sums.values()].map(({ most: _, readMs, writeMs, ...group }) => ({
    ...group,
    read: readMs > 0 ? group.read : null,
    write: writeMs > 0 ? group.write : null,
  }));
}

const inputAndOutput = ({ read, write }: ProcessGroup): number => (read ?? 0) + (write ?? 0);

/** Those that are among the first by CPU, memory or I/O; the greatest user of CPU at the head. */
function firstGroups(groups: ProcessGroup[]): ProcessGroup[] {
  const each = MAX_GROUPS / 3;
  const firstBy = (measure: (group: ProcessGroup) => number) =>
    groups.toSorted((a, b) => measure(b) - measure(a)).slice(0, each);
  const chosen = new Set([firstBy(({ cpu }) => cpu), firstBy(({ memory }) => memory), firstBy(inputAndOutput)].flat());
  return [...chosen].sort((a, b) => b.cpu - a.cpu || b.memory - a.memory);
}

async function keptSpan(db: Connection, hostId: number): Promise<ProcessUsage["kept"]> {
  const [samples, blocks] = await Promise.all([
    db.processSample.aggregate({ where: { hostId }, _min: { at: true }, _max: { at: true } }),
    db.processBlock.aggregate({ where: { hostId }, _min: { start: true }, _max: { start: true } }),
  ]);
  const firsts = [blocks._min.start, samples._min.at].flatMap((date) => (date ? [date.getTime()] : []));
  const lastHour = blocks._max.start ? [blocks._max.start.getTime() + HOUR_MS] : [];
  const lasts = samples._max.at ? [samples._max.at.getTime()] : lastHour;
  return firsts.length > 0 ? { from: new Date(Math.min(...firsts)), to: new Date(Math.max(...lasts)) } : null;
}

/** An instant, or a range [from, to), ms. */
export type UsageSpan = { at: number } | { from: number; to: number };

/**
 * Which processes of a host used most at an instant, or on average over a range of at most a day. An instant without a sample has that of up to `intervalMs`
 * twice before; so has a range without any at its beginning. @throws DomainError validation
 */
export async function readProcesses(
  db: Connection,
  hostId: number,
  span: UsageSpan,
  intervalMs: number,
): Promise<ProcessUsage> {
  const reachMs = Math.max(LEAST_REACH_MS, 2 * intervalMs);
  if ("from" in span && span.to - span.from > MAX_RANGE_MS)
    throw invalidField("to", "The range is longer than 24 h: choose a shorter one");
  const [from, to] = "from" in span ? [span.from, span.to] : [span.at, span.at];
  const near = await readSamples(db, hostId, Math.max(0, from - reachMs), to + reachMs);
  const within = "from" in span ? near.filter(({ at }) => at >= from && at < to) : [];
  const chosen = within.length > 0 ? within : sampleAt(near, from, reachMs);
  const [first, last] = [chosen[0], chosen.at(-1)];
  return {
    from: first ? new Date(first.at - first.spanMs) : null,
    to: last ? new Date(last.at) : null,
    samples: chosen.length,
    groups: firstGroups(averageGroups(chosen)),
    kept: await keptSpan(db, hostId),
  };
}
