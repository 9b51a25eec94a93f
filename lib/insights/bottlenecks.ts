import type { Evidence } from "#lib/insights/evidence.ts";
import type { Figures } from "#lib/insights/figures.ts";

/**
 * A resource by Gregg's USE method (Thinking Methodically about Performance, 2012): how much of it is used (percent, the 95th percentile of
 * the period), what waits for it, and what fails. `headroom` is how many times the present load it can take: 1 is full.
 */
export type Bottleneck = {
  resource: string;
  utilisation: number;
  headroom: number;
  saturated: boolean;
  evidence: Evidence[];
};

type Resource = {
  resource: string;
  utilisation: string;
  /** Where it counts as full, percent: queues grow before 100. */
  full: number;
  label?: string;
  saturation?: { metric: string; label: string; over(value: number, cores: number): boolean };
  errors?: { metric: string; label: string }[];
};

const RESOURCES: Resource[] = [
  {
    resource: "CPU",
    utilisation: "cpu.usage",
    full: 90,
    saturation: { metric: "load.5m", label: "Load, 5 minutes", over: (value, cores) => value > cores },
  },
  {
    resource: "Memory",
    utilisation: "memory.usage",
    full: 95,
    saturation: { metric: "swap.used", label: "Swap in use", over: (value) => value > 64 * 2 ** 20 },
  },
  {
    resource: "Disk",
    utilisation: "disk.busy",
    full: 90,
    label: "device",
    saturation: { metric: "cpu.iowait", label: "CPU waiting for disks", over: (value) => value > 10 },
  },
  { resource: "File system", utilisation: "disk.usage", full: 95, label: "mount" },
  { resource: "Inodes", utilisation: "disk.inodes.usage", full: 95, label: "mount" },
  {
    resource: "Database connections",
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

/** The resources of a host, that which saturates first at the head. */
export function findBottlenecks(figures: Figures[], cores: number): Bottleneck[] {
  const of = (metric: string) => figures.filter((one) => one.metric === metric);
  return RESOURCES.flatMap(({ resource, utilisation, full, label, saturation, errors = [] }) =>
    of(utilisation).map((used): Bottleneck => {
      const waits = saturation ? of(saturation.metric) : [];
      const faults = errors.flatMap((one) => of(one.metric).map((own) => ({ ...one, own })));
      const waiting = waits.some(({ p95 }) => saturation?.over(p95, cores));
      return {
        resource: label && used.labels[label] ? `${resource} ${used.labels[label]}` : resource,
        utilisation: used.p95,
        headroom: used.p95 > 0 ? Math.max(full / used.p95, 0) : Number.MAX_SAFE_INTEGER,
        saturated: used.p95 >= full || (waiting && used.p95 >= full / 2),
        evidence: [
          figure("Used", used),
          ...waits.map((own) => figure(saturation?.label ?? "", own)),
          ...faults.filter(({ own }) => own.p95 > 0).map(({ own, label: text }) => figure(text, own)),
        ],
      };
    }),
  ).sort((a, b) => Number(b.saturated) - Number(a.saturated) || a.headroom - b.headroom);
}
