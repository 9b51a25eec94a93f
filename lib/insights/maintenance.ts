import type { SignalKind } from "#lib/contract/enums.ts";
import type { Evidence } from "#lib/insights/evidence.ts";
import type { Figures } from "#lib/insights/figures.ts";
import { capacityOf } from "#lib/insights/series-forecast.ts";
import type { CapacityDate } from "#lib/stats/forecast/capacity.ts";
import { senSlope } from "#lib/stats/slope.ts";
import { DAY_MS } from "#lib/time/durations.ts";

/** Something that will need a hand: what, until when (ms; null where only the trend is known), and how sure. */
export type Signal = {
  kind: SignalKind;
  subject: string;
  at: number | null;
  earliest: number | null;
  latest: number | null;
  severity: "info" | "warning" | "critical";
  evidence: Evidence[];
};

/** The metrics that signals are read from. */
export const MAINTENANCE_METRICS = [
  "disk.usage",
  "disk.inodes.usage",
  "memory.usage",
  "system.temperature",
  "postgres.wraparound",
  "certificate.expires",
  "check.certificate.expires",
];

const severityAt = (at: number, now: number): Signal["severity"] =>
  at - now < 7 * DAY_MS ? "critical" : at - now < 30 * DAY_MS ? "warning" : "info";

/** Growth a day where it is beyond doubt, in the series' unit. */
function climb({ points, unit, name, id }: Figures): Evidence | undefined {
  const thinned = points.filter((_, n) => n % Math.ceil(points.length / 200) === 0);
  const slope = senSlope(thinned.map(([at, value]) => [at / DAY_MS, value]));
  if (!slope || slope.low <= 0) return undefined;
  return { label: "Growth a day", value: slope.slope, unit, series: name, seriesId: id };
}

const level = (label: string, { last, unit, name, id }: Figures): Evidence => ({
  label,
  value: last,
  unit,
  series: name,
  seriesId: id,
});

function filling(kind: Signal["kind"], subject: string, figures: Figures, now: number): Signal[] {
  const growth = climb(figures);
  const date: CapacityDate | undefined = growth ? capacityOf(figures.points) : undefined;
  if (!growth || !date?.at) return [];
  const { at, earliest, latest } = date;
  return [
    {
      kind,
      subject,
      at,
      earliest,
      latest,
      severity: severityAt(earliest ?? at, now),
      evidence: [level("Used", figures), growth],
    },
  ];
}

/** A steady climb of at least a percent of all memory a day, for days, is no cache: caches give way. */
function leaking(figures: Figures, now: number): Signal[] {
  const growth = climb(figures);
  const days = ((figures.points.at(-1)?.[0] ?? 0) - (figures.points[0]?.[0] ?? 0)) / DAY_MS;
  if (!growth || growth.value < 1 || days < 2) return [];
  const date = capacityOf(figures.points);
  const { at = null, earliest = null, latest = null } = date ?? {};
  return [
    {
      kind: "memory_leak",
      subject: "Memory",
      ...{ at, earliest, latest },
      severity: at ? severityAt(at, now) : "info",
      evidence: [level("Used", figures), growth],
    },
  ];
}

const HOT = 85;

function warming(figures: Figures): Signal[] {
  const growth = climb(figures);
  const hot = figures.p95 >= HOT;
  if (!hot && !(growth && growth.value >= 0.5)) return [];
  return [
    {
      kind: "temperature",
      subject: figures.labels.sensor ?? figures.name,
      ...{ at: null, earliest: null, latest: null },
      severity: hot ? "critical" : "warning",
      evidence: [level("Now", figures), ...(growth ? [growth] : [])],
    },
  ];
}

/** A share of all transaction ids that autovacuum never lets be reached. */
const WRAPAROUND_WARNING = 15;

function wrapping(figures: Figures): Signal[] {
  const { last } = figures;
  if (last < WRAPAROUND_WARNING) return [];
  const date = capacityOf(figures.points);
  const { at = null, earliest = null, latest = null } = date ?? {};
  const severity = last >= 75 ? "critical" : last >= 40 ? "warning" : "info";
  return [
    { kind: "wraparound", subject: "PostgreSQL", at, earliest, latest, severity, evidence: [level("Used", figures)] },
  ];
}

const CERTIFICATE_DAYS = 30;

function expiring(figures: Figures): Signal[] {
  const [seenAt] = figures.points.at(-1) as [number, number];
  if (figures.last > (CERTIFICATE_DAYS * DAY_MS) / 1000) return [];
  const at = seenAt + figures.last * 1000;
  const severity = figures.last < (7 * DAY_MS) / 1000 ? "critical" : "warning";
  const subject = figures.labels.certificate ?? figures.labels.check ?? "";
  return [{ kind: "certificate", subject, at, earliest: at, latest: at, severity, evidence: [level("Left", figures)] }];
}

/** A series that ended so long (ms) ago is of a disk that was taken out, or a check that was removed. */
const ENDED_MS = DAY_MS;

/** What will need a hand, the most urgent first. */
export function findSignals(figures: Figures[], now: number): Signal[] {
  return figures
    .filter(({ points }) => now - (points.at(-1)?.[0] ?? 0) <= ENDED_MS)
    .flatMap((series): Signal[] => {
      switch (series.metric) {
        case "disk.usage":
          return filling("disk", series.labels.mount ?? series.name, series, now);
        case "disk.inodes.usage":
          return filling("inodes", series.labels.mount ?? series.name, series, now);
        case "memory.usage":
          return leaking(series, now);
        case "system.temperature":
          return warming(series);
        case "postgres.wraparound":
          return wrapping(series);
        case "certificate.expires":
        case "check.certificate.expires":
          return expiring(series);
        default:
          return [];
      }
    })
    .sort((a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY));
}
