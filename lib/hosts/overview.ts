import type { Combine } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import type { MetricName, Unit } from "#lib/metrics/catalogue.ts";
import { isOfHost } from "#lib/metrics/frame.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import type { Point } from "#lib/tsdb/points.ts";
import { combinePoints, combineValues } from "#lib/tsdb/points.ts";
import { queryRange, type RangeResult } from "#lib/tsdb/query.ts";

type CardKey = "cpu" | "memory" | "disk" | "network" | "database" | "processes";

type CardDefinition = {
  key: CardKey;
  title: string;
  unit: Unit;
  rate: boolean;
  combine: Combine;
  metrics: MetricName[];
};

const CARDS: CardDefinition[] = [
  { key: "cpu", title: "CPU", unit: "percent", rate: false, combine: "sum", metrics: ["cpu.usage"] },
  { key: "memory", title: "Memory", unit: "percent", rate: false, combine: "sum", metrics: ["memory.usage"] },
  { key: "disk", title: "Fullest disk", unit: "percent", rate: false, combine: "max", metrics: ["disk.usage"] },
  {
    key: "network",
    title: "Network",
    unit: "bytes",
    rate: true,
    combine: "sum",
    metrics: ["network.receive.bytes", "network.transmit.bytes"],
  },
  {
    key: "database",
    title: "Database response",
    unit: "ms",
    rate: false,
    combine: "sum",
    metrics: ["postgres.response"],
  },
  { key: "processes", title: "Processes", unit: "count", rate: false, combine: "sum", metrics: ["process.count"] },
];

/** A figure of the overview: its series, its last hour, and the means of the last five minutes now and a day before. */
export type OverviewCard = {
  key: CardKey;
  title: string;
  unit: Unit;
  rate: boolean;
  combine: Combine;
  seriesIds: number[];
  points: Point[];
  recent: number | null;
  yesterday: number | null;
  /** At or above it something is wrong; in the unit of the card. */
  threshold: number | null;
};

const WINDOW_MS = 5 * MINUTE_MS;

/** The cards of a host at `now` (ms since the epoch). Those without any series yet have empty points. `thresholdOf` knows a metric's threshold. */
export async function overviewCards(
  db: Database,
  hostId: number,
  now: number,
  thresholdOf: (metric: string) => number | null,
): Promise<OverviewCard[]> {
  const cards = await readCards(db, hostId, now);
  return CARDS.map((card, n) => ({
    ...(cards[n] as Omit<OverviewCard, "threshold">),
    threshold: card.metrics.length === 1 ? thresholdOf(card.metrics[0] ?? "") : null,
  }));
}

async function readCards(db: Database, hostId: number, now: number): Promise<Omit<OverviewCard, "threshold">[]> {
  const all = await listSeries(db, hostId);
  const idsOf = (card: CardDefinition) =>
    all.filter((s) => (card.metrics as string[]).includes(s.metric) && isOfHost(s.labels)).map((s) => s.id);
  const series = CARDS.flatMap(idsOf).map(String);
  if (series.length === 0) return CARDS.map((card) => toCard(card, [], undefined, undefined, undefined));
  const ask = (from: number, to: number, stepMs: number) => queryRange(db, { hostId, series, from, to, stepMs });
  const dayAgo = now - DAY_MS;
  const [hour, recent, yesterday] = await Promise.all([
    ask(now - HOUR_MS, now + 1, MINUTE_MS),
    ask(now - WINDOW_MS, now + 1, DAY_MS),
    ask(dayAgo - WINDOW_MS, dayAgo + 1, DAY_MS),
  ]);
  return CARDS.map((card) => toCard(card, idsOf(card), hour, recent, yesterday));
}

function toCard(
  card: CardDefinition,
  seriesIds: number[],
  hour: RangeResult | undefined,
  recent: RangeResult | undefined,
  yesterday: RangeResult | undefined,
): Omit<OverviewCard, "threshold"> {
  const points = (range: RangeResult | undefined) =>
    combinePoints(
      card.combine,
      (range?.series ?? []).filter((s) => seriesIds.includes(s.id)).map((s) => s.points),
    );
  // One step, or two where midnight lies in the five minutes.
  const mean = (range: RangeResult | undefined) =>
    combineValues(
      "avg",
      points(range).map(([, value]) => value),
    );
  const { key, title, unit, rate, combine } = card;
  return {
    key,
    title,
    unit,
    rate,
    combine,
    seriesIds,
    points: points(hour),
    recent: mean(recent),
    yesterday: mean(yesterday),
  };
}
