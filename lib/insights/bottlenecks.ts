import type { ResourceKind } from "#lib/contract/enums.ts";
import type { Evidence } from "#lib/insights/evidence.ts";
import type { Figures } from "#lib/insights/figures.ts";

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

const figure = (label: string, { p95, unit, rate, name, id }: Figures): Evidence => ({
  label: `${label}, 95th percentile`,
  value: p95,
  unit,
  rate,
  series: name,
  seriesId: id,
});

/** The resources of a host, the one that saturates first at the head. */
export function findBottlenecks(figures: Figures[], cores: number): Bottleneck[] {
  const byMetric = (metric: string) => figures.filter((candidate) => candidate.metric === metric);
  return RESOURCES.flatMap(({ kind, utilisation, full, label, saturation, errors = [] }) =>
    byMetric(utilisation).map((used): Bottleneck => {
      const waits = saturation ? byMetric(saturation.metric) : [];
      const faults = errors.flatMap(({ metric, label: text }) => byMetric(metric).map((own) => ({ text, own })));
      const waiting = waits.some(({ p95 }) => saturation?.over(p95, cores));
      const subject = (label && used.labels[label]) || "";
      return {
        kind,
        subject,
        resource: subject ? `${RESOURCE_TITLES[kind]} ${subject}` : RESOURCE_TITLES[kind],
        utilisation: used.p95,
        headroom: used.p95 > 0 ? Math.max(full / used.p95, 0) : Number.MAX_SAFE_INTEGER,
        saturated: used.p95 >= full || (waiting && used.p95 >= full / 2),
        evidence: [
          figure("Used", used),
          ...waits.map((own) => figure(saturation?.label ?? "", own)),
          ...faults.filter(({ own }) => own.p95 > 0).map(({ own, text }) => figure(text, own)),
        ],
      };
    }),
  ).sort((a, b) => Number(b.saturated) - Number(a.saturated) || a.headroom - b.headroom);
}
