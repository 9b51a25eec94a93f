import { anomaliesIn, anomalyTimeline } from "#lib/anomalies/count-anomalies.ts";
import type { Connection } from "#lib/db/client.ts";
import { databaseFailure } from "#lib/db/failure.ts";
import { type Figures, readFigures } from "#lib/insights/figures.ts";
import { log, reasonOf } from "#lib/log.ts";
import { type HostPeriod, presence, reportStep } from "#lib/reports/host-sections.ts";
import { type ReportSection, section } from "#lib/reports/section.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";

const METRICS = ["cpu.usage", "memory.usage", "disk.usage"];

type HostFigures = {
  name: string;
  present: number;
  cpu: number | null;
  cpuBefore: number | null;
  memory: number | null;
  disk: { mount: string; value: number } | null;
  anomalies: number;
};

const meanOf = (figures: Figures[], metric: string) => figures.find((series) => series.metric === metric)?.mean ?? null;

function fullest(figures: Figures[]): HostFigures["disk"] {
  const disks = figures.filter(({ metric }) => metric === "disk.usage").sort((a, b) => b.last - a.last);
  return disks[0] ? { mount: disks[0].labels.mount ?? "", value: disks[0].last } : null;
}

async function figuresOf(db: Connection, period: HostPeriod): Promise<HostFigures> {
  const { host, from, to } = period;
  // Hours are kept as such: over days they give the same means for a tenth of the reading.
  const stepMs = to - from > 2 * DAY_MS ? Math.max(HOUR_MS, reportStep(period)) : reportStep(period);
  const [now, before, { present }, { steps }] = await Promise.all([
    readFigures(db, { hostId: host.id, metrics: METRICS, from, to, stepMs }),
    readFigures(db, { hostId: host.id, metrics: ["cpu.usage"], from: from - (to - from), to: from, stepMs }),
    presence(db, period),
    anomalyTimeline(db, { hostId: host.id, from, to, points: 10 }),
  ]);
  return {
    name: host.name,
    present,
    cpu: meanOf(now, "cpu.usage"),
    cpuBefore: meanOf(before, "cpu.usage"),
    memory: meanOf(now, "memory.usage"),
    disk: fullest(now),
    anomalies: anomaliesIn(steps),
  };
}

const percent = (value: number | null) => (value === null ? "" : `${value.toFixed(1)} %`);

/** The host with the highest of a figure, in words. */
function highest(all: HostFigures[], what: string, figure: (host: HostFigures) => number | null): string[] {
  const [top] = all.filter((host) => figure(host) !== null).sort((a, b) => Number(figure(b)) - Number(figure(a)));
  return top ? [`${what}: ${top.name}, ${percent(figure(top))}`] : [];
}

/** Hosts that need a look come first. */
const concern = ({ present, disk, anomalies }: HostFigures) =>
  (1 - present) * 1_000 + Math.max(0, (disk?.value ?? 0) - 80) + anomalies / 10;

/** All hosts in one table, against the period before. */
export async function fleetSection(db: Connection, periods: HostPeriod[], target = 0.999): Promise<ReportSection> {
  const [all, unread]: [HostFigures[], string[]] = [[], []];
  for (const period of periods)
    try {
      all.push(await figuresOf(db, period));
    } catch (error) {
      if (databaseFailure(error)) throw error;
      log.error({ host: period.host.name, reason: reasonOf(error) }, "the figures of a host could not be read");
      unread.push(period.host.name);
    }
  const met = all.filter(({ present }) => present >= target).length;
  return section("Hosts at a glance", {
    words: [
      `${met} of ${all.length} hosts were available ${target * 100} % of the time or more`,
      ...unread.map((name) => `The figures of ${name} could not be read: the log of the portal says why`),
      ...highest(all, "Busiest CPU", ({ cpu }) => cpu),
      ...highest(all, "Most memory used", ({ memory }) => memory),
      ...highest(all, "Fullest disk", ({ disk }) => disk?.value ?? null),
    ],
    table: {
      columns: ["Host", "Availability", "CPU", "CPU before", "Memory", "Fullest disk", "Anomalies"],
      rows: all
        .sort((a, b) => concern(b) - concern(a) || a.name.localeCompare(b.name))
        .map(({ name, present, cpu, cpuBefore, memory, disk, anomalies }) => {
          const used = disk ? `${percent(disk.value)} of ${disk.mount}` : "";
          return [
            name,
            `${(100 * present).toFixed(2)} %`,
            percent(cpu),
            percent(cpuBefore),
            percent(memory),
            used,
            anomalies,
          ];
        }),
    },
  });
}
