import { aroundAnomaly } from "#lib/anomalies/around.ts";
import { Detector } from "#lib/anomalies/detector.ts";
import { readAnomaly } from "#lib/anomalies/list-anomalies.ts";
import { readOverrides } from "#lib/anomalies/overrides.ts";
import { alertThresholdFor, type DetectionPolicy, policyFor } from "#lib/anomalies/policy.ts";
import type { Settings } from "#lib/contract/settings.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { readSettings } from "#lib/settings/store.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { ownZone, zoneOffset } from "#lib/time/instant.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { queryRange, type SeriesPoints } from "#lib/tsdb/query.ts";

const READ_MS = 2 * DAY_MS;

/** A minute (ms) as the detector saw it: the mean, what was expected, how far values usually lie from that (all in the unit of the series), and the score in [0, 1). */
export type ScoredPoint = { at: number; value: number; expected: number; deviation: number; score: number };

/** What a policy would have made of a past range of one series. */
export type Backtest = {
  series: Pick<SeriesPoints, "id" | "name" | "metric" | "unit" | "kind">;
  points: ScoredPoint[];
  /** When events would have begun, ms. */
  events: number[];
};

/** [from, to) and `learnMs` in ms. */
export type BacktestRange = { hostId: number; seriesId: number; from: number; to: number; learnMs: number };

/** Runs a fresh detector over the minutes of [from, to), after `learnMs` of learning before them. @throws DomainError not-found, cancelled (by the signal) */
export async function backtest(
  db: Connection,
  { hostId, seriesId, from, to, learnMs }: BacktestRange,
  policy: DetectionPolicy,
  { zoneOffsetMs = 0, signal }: { zoneOffsetMs?: number; signal?: AbortSignal } = {},
): Promise<Backtest> {
  const detector = new Detector();
  let series: SeriesPoints | undefined;
  const [points, events]: [ScoredPoint[], Backtest["events"]] = [[], []];
  const begin = Math.floor((from - learnMs) / MINUTE_MS) * MINUTE_MS;
  for (let at = begin; at < to; at += READ_MS) {
    if (signal?.aborted) throw new DomainError("cancelled", "Nobody waits for this preview any more");
    const range = { from: at, to: Math.min(at + READ_MS, to), stepMs: MINUTE_MS };
    series = (await queryRange(db, { hostId, series: [String(seriesId)], ...range })).series[0];
    for (const [time, value] of series?.points ?? []) {
      if (value === null) continue;
      const judgement = detector.observe(time + zoneOffsetMs, value, policy);
      if (time < from) continue;
      const { expected, deviation } = detector.expectation();
      points.push({ at: time, value, expected, deviation, score: judgement.score });
      if (judgement.phase === "onset") events.push(time);
    }
  }
  if (!series) throw new DomainError("not-found", `There is no series ${seriesId} on host ${hostId}`);
  const { id, name, metric, unit, kind } = series;
  return { series: { id, name, metric, unit, kind }, points, events };
}

/** How many alerts a policy would have raised: in all, by day (ms of its beginning, UTC), and on the worst of them. */
export type ExpectedAlerts = {
  days: number;
  raised: number;
  worstDay: number;
  byDay: { at: number; raised: number }[];
};

/** The alerts of a backtest over the days that it has samples of. */
export function countExpectedAlerts({ points, events }: Pick<Backtest, "points" | "events">): ExpectedAlerts {
  const dayOf = (at: number) => Math.floor(at / DAY_MS) * DAY_MS;
  const counts = new Map([...new Set(points.map(({ at }) => dayOf(at)))].map((day) => [day, 0]));
  for (const at of events) counts.set(dayOf(at), (counts.get(dayOf(at)) ?? 0) + 1);
  const byDay = [...counts].map(([at, raised]) => ({ at, raised }));
  return { days: byDay.length, raised: events.length, worstDay: Math.max(0, ...counts.values()), byDay };
}

/** At most `count` points, each the most anomalous of its stretch, so that no score between them is hidden. */
export function thinScoredPoints(points: ScoredPoint[], count: number): ScoredPoint[] {
  if (points.length <= count) return points;
  const width = points.length / count;
  return Array.from({ length: count }, (_, n) =>
    points
      .slice(Math.floor(n * width), Math.max(Math.floor((n + 1) * width), Math.floor(n * width) + 1))
      .reduce((worst, point) => (point.score > worst.score ? point : worst)),
  );
}

/** From how far back the detector learns, ms. */
const LEARN_MS = 14 * DAY_MS;

/** The minutes around an anomaly. */
export type AnomalyScores = Pick<Backtest, "series" | "points">;

/** The minutes around an anomaly as the detector sees them. @throws DomainError not-found, cancelled */
export async function readAnomalyScores(
  db: Connection,
  which: { hostId: number; id: number },
  points: number,
  signal: AbortSignal,
): Promise<AnomalyScores> {
  const anomaly = await readAnomaly(db, which.hostId, which.id);
  const [settings, overrides] = await Promise.all([readSettings(db), readOverrides(db)]);
  const policy = policyFor({ settings, overrides }, which.hostId, anomaly.metric);
  const range = {
    hostId: which.hostId,
    seriesId: anomaly.seriesId,
    ...aroundAnomaly(anomaly),
    learnMs: LEARN_MS,
  };
  const offset = zoneOffset(ownZone(), range.to);
  const tested = await backtest(db, range, policy, { signal, zoneOffsetMs: offset });
  return { series: tested.series, points: thinScoredPoints(tested.points, points) };
}

/** What to try on a metric of a host, over how many past days; what is left out is as the settings and overrides have it. */
export type PreviewOptions = {
  host: { id: number; name: string };
  metric: string;
  days: number;
  settings: Settings;
  sensitivity?: number | undefined;
  seasonal?: boolean | undefined;
};

/** The alerts of all series of a metric, and how many series those are. */
export type DetectionPreview = ExpectedAlerts & { host: { id: number; name: string }; metric: string; series: number };

/** How many alerts the options would have raised in all series of a metric, over the days before `now` (ms). @throws DomainError not-found, cancelled */
export async function previewDetection(
  db: Connection,
  { host, metric, days, settings, ...choice }: PreviewOptions,
  now: number,
  signal: AbortSignal,
): Promise<DetectionPreview> {
  const series = await listSeries(db, host.id, [{ metric }]);
  if (series.length === 0) throw new DomainError("not-found", `There is no series of ${metric} on ${host.name}`);
  const own = policyFor({ settings, overrides: await readOverrides(db) }, host.id, metric);
  const policy: DetectionPolicy = {
    ...own,
    alertThreshold: choice.sensitivity === undefined ? own.alertThreshold : alertThresholdFor(choice.sensitivity),
    seasonal: choice.seasonal ?? own.seasonal,
  };
  const zoneOffsetMs = zoneOffset(ownZone(), now);
  const all: Pick<Backtest, "points" | "events">[] = [];
  for (const { id } of series) {
    const range = { hostId: host.id, seriesId: id, from: now - days * DAY_MS, to: now, learnMs: LEARN_MS };
    all.push(await backtest(db, range, policy, { signal, zoneOffsetMs }));
  }
  const alerts = countExpectedAlerts({
    points: all.flatMap(({ points }) => points),
    events: all.flatMap(({ events }) => events),
  });
  return { host, metric, series: series.length, ...alerts };
}
