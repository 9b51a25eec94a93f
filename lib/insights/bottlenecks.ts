import type { ResourceKind } from "#lib/contract/enums.ts";
import { durationText } from "#lib/format/duration.ts";
import type { Evidence } from "#lib/insights/evidence.ts";
import type { Figures } from "#lib/insights/figures.ts";
import type { Labels } from "#lib/metrics/frame.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** By which figure resources are looked at, how a reader is said of how much time (ms) it is, and how much must be known before one counts as saturated. */
type Look = { figureOf(coveredMs: number): string; pick(figures: Figures): number; leastMs: number };

/** The past day: what is busy most of the time. An hour of it at least, or the installation itself would count. */
const DAY_LOOK: Look = {
  figureOf: (coveredMs) => `95th percentile of the past ${durationText(coveredMs)}`,
  pick: ({ p95 }) => p95,
  leastMs: HOUR_MS,
};

/** The past minutes: what is busy now. */
const NOW_LOOK: Look = {
  figureOf: (coveredMs) => `mean of the past ${durationText(coveredMs)}`,
  pick: ({ mean }) => mean,
  leastMs: 9 * MINUTE_MS,
};

/** The first minutes of something: what was busy when it began. */
const BEGINNING_LOOK: Look = {
  figureOf: (coveredMs) => `mean of the first ${durationText(coveredMs)}`,
  pick: ({ mean }) => mean,
  leastMs: 2 * MINUTE_MS,
};

/**
 * A resource by Gregg's USE method (Thinking Methodically about Performance, 2012): how much of it is used (percent, the 95th percentile of
 * the period), what waits for it, and what fails. `headroom` is how many times the present load it can take: 1 is full.
 */
export type Bottleneck = {
  kind: ResourceKind;
  /** Which of its kind: a device or a mount point; empty where there is one only. */
  subject: string;
  /** What a reader calls it: "File system /var". */
  resource: string;
  utilisation: number;
  headroom: number;
  saturated: boolean;
  /** Saturated in the past minutes. */
  now: boolean;
  evidence: Evidence[];
};

type Resource = {
  kind: ResourceKind;
  utilisation: string;
  /** Where it counts as full, percent: queues grow before 100. */
  full: number;
  label?: string;
  saturation?: { metric: string; label: string; over(value: number, cores: number): boolean };
  errors?: { metric: string; label: string }[];
};

/** What a reader calls each kind of resource. */
export const RESOURCE_TITLES: Record<ResourceKind, string> = {
  cpu: "CPU",
  memory: "Memory",
  disk: "Disk",
  file_system: "File system",
  inodes: "Inodes",
  database_connections: "Database connections",
};

const RESOURCES: Resource[] = [
  {
    kind: "cpu",
    utilisation: "cpu.usage",
    full: 90,
    saturation: { metric: "load.5m", label: "Load, 5 minutes", over: (value, cores) => value > cores },
  },
  {
    kind: "memory",
    utilisation: "memory.usage",
    full: 95,
    saturation: { metric: "swap.used", label: "Swap in use", over: (value) => value > 64 * 2 ** 20 },
  },
  {
    kind: "disk",
    utilisation: "disk.busy",
    full: 90,
    label: "device",
    saturation: { metric: "cpu.iowait", label: "CPU waiting for disks", over: (value) => value > 10 },
  },
  { kind: "file_system", utilisation: "disk.usage", full: 95, label: "mount" },
  { kind: "inodes", utilisation: "disk.inodes.usage", full: 95, label: "mount" },
  {
    kind: "database_connections",
    utilisation: "postgres.connections.usage",
    full: 90,
    errors: [{ metric: "postgres.deadlocks", label: "Deadlocks" }],
  },
];

/** The metrics that bottlenecks are judged by. */
export const BOTTLENECK_METRICS = RESOURCES.flatMap(({ utilisation, saturation, errors = [] }) => [
  utilisation,
  ...(saturation ? [saturation.metric] : []),
  ...errors.map(({ metric }) => metric),
]);

const evidenceOf = (label: string, own: Figures, { figureOf, pick }: Look): Evidence => ({
  label: `${label}, ${figureOf(own.coveredMs)}`,
  value: pick(own),
  unit: own.unit,
  rate: own.rate,
  series: own.name,
  seriesId: own.id,
});

function look(figures: Figures[], cores: number, by: Look): Omit<Bottleneck, "now">[] {
  const byMetric = (metric: string) => figures.filter((candidate) => candidate.metric === metric);
  return RESOURCES.flatMap(({ kind, utilisation, full, label, saturation, errors = [] }) =>
    byMetric(utilisation).map((used) => {
      const waits = saturation ? byMetric(saturation.metric) : [];
      const faults = errors.flatMap(({ metric, label: text }) => byMetric(metric).map((own) => ({ text, own })));
      const waiting = waits.some((own) => saturation?.over(by.pick(own), cores));
      const share = by.pick(used);
      const subject = (label && used.labels[label]) || "";
      return {
        kind,
        subject,
        resource: subject ? `${RESOURCE_TITLES[kind]} ${subject}` : RESOURCE_TITLES[kind],
        utilisation: share,
        headroom: share > 0 ? Math.max(full / share, 0) : Number.MAX_SAFE_INTEGER,
        saturated: used.coveredMs >= by.leastMs && (share >= full || (waiting && share >= full / 2)),
        evidence: [
          evidenceOf("Used", used, by),
          ...waits.map((own) => evidenceOf(saturation?.label ?? "", own, by)),
          ...faults.filter(({ own }) => by.pick(own) > 0).map(({ own, text }) => evidenceOf(text, own, by)),
        ],
      };
    }),
  );
}

/**
 * The resources of a host by their figures of the past day and of the past minutes: first what is saturated now, then what is most of the
 * time, then the one that saturates first.
 */
export function findBottlenecks(day: Figures[], minutes: Figures[], cores: number): Bottleneck[] {
  const current = look(minutes, cores, NOW_LOOK).filter(({ saturated }) => saturated);
  return look(day, cores, DAY_LOOK)
    .map((found): Bottleneck => {
      const now = current.find(({ resource }) => resource === found.resource);
      return now
        ? { ...found, now: true, saturated: true, evidence: [...now.evidence, ...found.evidence.slice(0, 1)] }
        : { ...found, now: false };
    })
    .sort(
      (a, b) => Number(b.now) - Number(a.now) || Number(b.saturated) - Number(a.saturated) || a.headroom - b.headroom,
    );
}

/** The resources of a host that were saturated in the first minutes of something, whose figures these are; the one with the least headroom first. */
export const saturatedAtFirst = (figures: Figures[], cores: number): Omit<Bottleneck, "now">[] =>
  look(figures, cores, BEGINNING_LOOK)
    .filter(({ saturated }) => saturated)
    .sort((a, b) => a.headroom - b.headroom);

/** The kind of resource that a metric tells of, and which of them by the series' labels; undefined of another. */
export function resourceOf(metric: string, labels: Labels): Pick<Bottleneck, "kind" | "subject"> | undefined {
  const resource = RESOURCES.find(
    ({ utilisation, saturation }) => utilisation === metric || saturation?.metric === metric,
  );
  return resource && { kind: resource.kind, subject: (resource.label && labels[resource.label]) || "" };
}
