import type { Connection } from "#lib/db/client.ts";
import { instantInText } from "#lib/format/date-time.ts";
import { changeShare, signedShare } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";
import { BOTTLENECK_METRICS, findBottlenecks } from "#lib/insights/bottlenecks.ts";
import { type Figures, readFigures } from "#lib/insights/figures.ts";
import { findSignals, MAINTENANCE_METRICS } from "#lib/insights/maintenance.ts";
import { signalTitle } from "#lib/insights/signal-title.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";
import { type ReportChart, type ReportFigure, type ReportSection, section } from "#lib/reports/section.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { lttb } from "#lib/tsdb/points.ts";

export type HostPeriod = { host: { id: number; name: string; cores: number }; from: number; to: number };

/** A chart carries no more points than a printed page shows. */
export const POINTS = 240;

/** Steps of which a period has some five hundred, whole minutes that tiers hold. */
export function reportStep({ from, to }: { from: number; to: number }): number {
  const wanted = (to - from) / 500;
  return (
    [MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, DAY_MS].find(
      (step) => step >= wanted,
    ) ?? 7 * DAY_MS
  );
}

async function bothPeriods(db: Connection, { host, from, to }: HostPeriod, metrics: string[]) {
  const stepMs = reportStep({ from, to });
  const read = (start: number, end: number) =>
    readFigures(db, { hostId: host.id, metrics, from: start, to: end, stepMs });
  const [now, before] = await Promise.all([read(from, to), read(from - (to - from), from)]);
  return { now, before: new Map(before.map((series) => [series.id, series])) };
}

type Both = Awaited<ReturnType<typeof bothPeriods>>;

const figureOf = (
  label: string,
  series: Figures,
  before: Figures | undefined,
  pick: (f: Figures) => number,
): ReportFigure => ({
  label,
  value: pick(series),
  unit: series.unit,
  rate: series.rate,
  before: before ? pick(before) : null,
});

const meanFigures = ({ now, before }: Both, metrics: string[]): ReportFigure[] =>
  now
    .filter(({ metric }) => metrics.includes(metric))
    .map((series) => figureOf(seriesTitle(series.name), series, before.get(series.id), ({ mean }) => mean));

function chart(title: string, figures: Figures[]): ReportChart[] {
  const [first] = figures;
  if (!first) return [];
  const lines = figures
    .slice(0, 8)
    .map(({ name, points }) => ({ name: seriesTitle(name), points: lttb(points, POINTS) }));
  return [{ title, unit: first.unit, rate: first.rate, lines }];
}

/** What changed by more than 10 % against the period before, in words. */
export function changes(figures: ReportFigure[]): string[] {
  const changed = figures
    .map((figure) => ({ ...figure, change: changeShare(figure.before, figure.value) ?? 0 }))
    .filter(({ change }) => Math.abs(change) > 0.1)
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
    .slice(0, 5)
    .map(
      ({ label, value, before, unit, rate, change }) =>
        `${label} went from ${formatText(before, unit, rate)} to ${formatText(value, unit, rate)} (${signedShare(change, 0)})`,
    );
  if (figures.every(({ before }) => before === null)) return ["No samples in the period before to compare with"];
  return changed.length > 0 ? changed : ["No mean changed by more than 10 % against the period before"];
}

const PERFORMANCE = [
  "cpu.usage",
  "memory.usage",
  "load.5m",
  "disk.busy",
  "network.receive.bytes",
  "network.transmit.bytes",
  "process.count",
];

/** How a host did: means against the period before, and its main lines. */
export async function performanceSection(db: Connection, period: HostPeriod): Promise<ReportSection> {
  const both = await bothPeriods(db, period, PERFORMANCE);
  const ofMetrics = (...metrics: string[]) => both.now.filter(({ metric }) => metrics.includes(metric));
  const figures = meanFigures(both, PERFORMANCE);
  return section(`${period.host.name}: performance`, {
    words: changes(figures),
    figures,
    charts: [
      ...chart("CPU, memory and disk", ofMetrics("cpu.usage", "memory.usage", "disk.busy")),
      ...chart("Network", ofMetrics("network.receive.bytes", "network.transmit.bytes")),
    ],
    table: {
      columns: ["Series", "Mean", "95th percentile", "Last"],
      rows: both.now.map(({ name, mean, p95, last, unit, rate }) => [
        seriesTitle(name),
        ...[mean, p95, last].map((value) => formatText(value, unit, rate)),
      ]),
    },
  });
}

const DATABASE = [
  "postgres.response",
  "postgres.connections",
  "postgres.connections.usage",
  "postgres.commits",
  "postgres.rollbacks",
  "postgres.blocks.hit",
  "postgres.blocks.read",
  "postgres.size",
];

/** How the host's PostgreSQL did. */
export async function databaseSection(db: Connection, period: HostPeriod): Promise<ReportSection> {
  const both = await bothPeriods(db, period, DATABASE);
  const ofMetric = (metric: string) => both.now.filter((series) => series.metric === metric);
  const figures = meanFigures(both, DATABASE);
  const [hit, read] = [ofMetric("postgres.blocks.hit")[0]?.mean ?? 0, ofMetric("postgres.blocks.read")[0]?.mean ?? 0];
  return section(`${period.host.name}: database`, {
    words: [
      ...(hit + read > 0 ? [`${((100 * hit) / (hit + read)).toFixed(1)} % of blocks were read from the cache`] : []),
      ...changes(figures),
    ],
    figures,
    charts: [
      ...chart("Response", ofMetric("postgres.response")),
      ...chart("Transactions", [...ofMetric("postgres.commits"), ...ofMetric("postgres.rollbacks")]),
    ],
  });
}

/** What fills and when, and which resource saturates first. */
export async function capacitySection(db: Connection, period: HostPeriod): Promise<ReportSection> {
  const { host, from, to } = period;
  const [long, recent] = await Promise.all([
    readFigures(db, {
      hostId: host.id,
      metrics: MAINTENANCE_METRICS,
      from: Math.min(from, to - 21 * DAY_MS),
      to,
      stepMs: HOUR_MS,
    }),
    readFigures(db, { hostId: host.id, metrics: BOTTLENECK_METRICS, from, to, stepMs: reportStep(period) }),
  ]);
  const signals = findSignals(long, to);
  const [first, ...others] = findBottlenecks(recent, [], host.cores);
  const words = signals.map((signal) => {
    const { kind, at, earliest, latest } = signal;
    if (at === null) return signalTitle(signal);
    if (kind === "certificate") return `${signalTitle(signal)} on ${instantInText(at)}`;
    const until = (time: number | null) => (time === null ? "more than a year from now" : instantInText(time));
    return `${signalTitle(signal)}: full ${instantInText(at)} (80 % interval ${until(earliest)} to ${until(latest)})`;
  });
  return section(`${host.name}: capacity`, {
    words: [
      ...(words.length > 0 ? words : ["Nothing is filling up, leaking memory or about to expire"]),
      ...(first
        ? [`${first.resource} is closest to saturation: ${first.utilisation.toFixed(1)} % used (95th percentile)`]
        : []),
    ],
    charts: chart(
      "Space used",
      long.filter(({ metric }) => metric === "disk.usage"),
    ),
    table: first
      ? {
          columns: ["Resource", "Used, 95th percentile", "Headroom"],
          rows: [first, ...others].map(({ resource, utilisation, headroom }) => [
            resource,
            `${utilisation.toFixed(1)} %`,
            headroom > 1_000 ? "idle" : `${headroom.toFixed(1)} ×`,
          ]),
        }
      : null,
  });
}

type Presence = { present: number; from: number; stepMs: number; gaps: [number, number][] };

/** Two sections of a report need the same. */
const presences = new WeakMap<HostPeriod, Promise<Presence>>();

/** What share of a period a host sent samples in, and when it did not, in steps of `stepMs`. */
export function presence(db: Connection, period: HostPeriod): Promise<Presence> {
  const found = presences.get(period) ?? readPresence(db, period);
  presences.set(period, found);
  return found;
}

async function readPresence(db: Connection, period: HostPeriod): Promise<Presence> {
  const { host, to } = period;
  const span = to - period.from;
  const stepMs = Math.max(MINUTE_MS, Math.ceil(span / 3_900 / MINUTE_MS) * MINUTE_MS);
  const read = (start: number, end: number, step: number) =>
    readFigures(db, { hostId: host.id, metrics: ["cpu.usage"], from: start, to: end, stepMs: step });
  const [[cpu], earlier] = await Promise.all([
    read(period.from, to, stepMs),
    read(period.from - span, period.from, reportStep(period)),
  ]);
  // A host that came in the middle of the period could not have sent before.
  const from = earlier.length > 0 ? period.from : (cpu?.points[0]?.[0] ?? period.from);
  const steps = new Set((cpu?.points ?? []).map(([at]) => Math.floor(at / stepMs)));
  const [first, last] = [Math.ceil(from / stepMs), Math.floor(to / stepMs)];
  const gaps: [number, number][] = [];
  for (let step = first; step < last; step++) {
    if (steps.has(step)) continue;
    const open = gaps.at(-1);
    if (open && open[1] === step) open[1] = step + 1;
    else gaps.push([step, step + 1]);
  }
  const missing = gaps.reduce((sum, [begin, end]) => sum + end - begin, 0);
  return { present: last > first ? 1 - missing / (last - first) : 0, from, stepMs, gaps };
}

/** What share of the period a host sent samples in, against the objective. */
export async function availabilitySection(db: Connection, period: HostPeriod, target = 0.999): Promise<ReportSection> {
  const { present, from, stepMs, gaps } = await presence(db, period);
  const missing = gaps.reduce((sum, [begin, end]) => sum + end - begin, 0);
  const budget = (1 - target) * (period.to - from);
  const stamp = (step: number) => instantInText(step * stepMs);
  return section(`${period.host.name}: availability`, {
    words: [
      `Available ${(present * 100).toFixed(3)} % of the time (resolution ${stepMs / MINUTE_MS} min); the objective is ${(target * 100).toFixed(1)} %`,
      `${Math.round((missing * stepMs) / MINUTE_MS)} min without samples; the objective allows ${Math.round(budget / MINUTE_MS)} min: ${present >= target ? "met" : "missed"}`,
    ],
    table:
      gaps.length > 0
        ? {
            columns: ["No data from", "To", "Minutes"],
            rows: gaps
              .slice(0, 20)
              .map(([begin, end]) => [stamp(begin), stamp(end), ((end - begin) * stepMs) / MINUTE_MS]),
          }
        : null,
  });
}
