import { Detector } from "#lib/anomalies/detector.ts";
import { readOverrides } from "#lib/anomalies/overrides.ts";
import { barFor, type Policy, policyFor } from "#lib/anomalies/policy.ts";
import { readAnomaly } from "#lib/anomalies/read.ts";
import { LIMIT_START, watchLimit } from "#lib/anomalies/thresholds.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import type { Settings } from "#lib/settings/schema.ts";
import { readSettings } from "#lib/settings/store.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { ownZone, zoneOffset } from "#lib/time/instant.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";
import { queryRange, type SeriesPoints } from "#lib/tsdb/query.ts";

const CHUNK_MS = 2 * DAY_MS;

/** A minute as the detector saw it: the mean, what was expected, how far values usually lie from that, and the score. */
export type Judged = { at: number; value: number; expected: number; deviation: number; score: number };

export type Replay = {
  series: Pick<SeriesPoints, "id" | "name" | "metric" | "unit" | "kind">;
  points: Judged[];
  /** When events would have begun, ms. */
  events: { at: number; byLimit: boolean }[];
};

export type ReplayRange = { hostId: number; seriesId: number; from: number; to: number; learnMs: number };

/** Runs a fresh detector over the minutes of [from, to), after `learnMs` of learning before them. Cancelled by the signal. */
export async function replay(
  db: Connection,
  { hostId, seriesId, from, to, learnMs }: ReplayRange,
  policy: Policy,
  { zoneOffsetMs = 0, signal }: { zoneOffsetMs?: number; signal?: AbortSignal } = {},
): Promise<Replay> {
  const detector = new Detector();
  let [limit, series] = [LIMIT_START, undefined as SeriesPoints | undefined];
  const [points, events]: [Judged[], Replay["events"]] = [[], []];
  const begin = Math.floor((from - learnMs) / MINUTE_MS) * MINUTE_MS;
  for (let at = begin; at < to; at += CHUNK_MS) {
    if (signal?.aborted) throw new DomainError("cancelled", "Nobody waits for this preview any more");
    const range = { from: at, to: Math.min(at + CHUNK_MS, to), stepMs: MINUTE_MS };
    series = (await queryRange(db, { hostId, series: [String(seriesId)], ...range })).series[0];
    for (const [time, value] of series?.points ?? []) {
      if (value === null) continue;
      const verdict = detector.observe(time + zoneOffsetMs, value, policy);
      const was = limit.raised;
      if (policy.limit !== undefined) limit = watchLimit(limit, value, policy.limit);
      if (time < from) continue;
      const { expected, deviation } = detector.expectation();
      points.push({ at: time, value, expected, deviation, score: verdict.score });
      if (verdict.phase === "onset") events.push({ at: time, byLimit: false });
      if (limit.raised && !was) events.push({ at: time, byLimit: true });
    }
  }
  if (!series) throw new DomainError("not-found", `There is no series ${seriesId} on host ${hostId}`);
  const { id, name, metric, unit, kind } = series;
  return { series: { id, name, metric, unit, kind }, points, events };
}

/** What a policy would have raised: in all, by day (ms of its beginning, UTC), and on the worst of them. */
export type NoiseBudget = { days: number; raised: number; worstDay: number; byDay: { at: number; raised: number }[] };

/** The noise of a replay over the days that it has samples of. */
export function noiseOf({ points, events }: Pick<Replay, "points" | "events">): NoiseBudget {
  const dayOf = (at: number) => Math.floor(at / DAY_MS) * DAY_MS;
  const counts = new Map([...new Set(points.map(({ at }) => dayOf(at)))].map((day) => [day, 0]));
  for (const { at } of events) counts.set(dayOf(at), (counts.get(dayOf(at)) ?? 0) + 1);
  const byDay = [...counts].map(([at, raised]) => ({ at, raised }));
  return { days: byDay.length, raised: events.length, worstDay: Math.max(0, ...counts.values()), byDay };
}

/** At most `count` points, each the most anomalous of its stretch, so that no score between them is hidden. */
export function thinJudged(points: Judged[], count: number): Judged[] {
  if (points.length <= count) return points;
  const width = points.length / count;
  return Array.from({ length: count }, (_, n) =>
    points
      .slice(Math.floor(n * width), Math.max(Math.floor((n + 1) * width), Math.floor(n * width) + 1))
      .reduce((worst, point) => (point.score > worst.score ? point : worst)),
  );
}

/** What surrounds an anomaly on its page, and from how far back the detector learns for that, in ms. */
const BEFORE_MS = 6 * HOUR_MS;
const AFTER_MS = 2 * HOUR_MS;
const LEARN_MS = 14 * DAY_MS;

export type JudgedAround = { series: Replay["series"]; points: Judged[]; limit: number | null };

/** The minutes around an anomaly as the detector sees them. @throws DomainError not-found, cancelled */
export async function judgedAround(
  db: Connection,
  which: { hostId: number; id: number },
  points: number,
  signal: AbortSignal,
): Promise<JudgedAround> {
  const anomaly = await readAnomaly(db, which.hostId, which.id);
  const [settings, overrides] = await Promise.all([readSettings(db), readOverrides(db)]);
  const policy = policyFor({ settings, overrides }, which.hostId, anomaly.metric);
  const range = {
    hostId: which.hostId,
    seriesId: anomaly.seriesId,
    from: anomaly.detectedAt.getTime() - BEFORE_MS,
    to: anomaly.lastAt.getTime() + AFTER_MS,
    learnMs: LEARN_MS,
  };
  const offset = zoneOffset(ownZone(), range.to);
  const replayed = await replay(db, range, policy, { signal, zoneOffsetMs: offset });
  const limit = anomaly.type === "limit" ? (policy.limit ?? null) : null;
  return { series: replayed.series, points: thinJudged(replayed.points, points), limit };
}

export type PreviewChoice = {
  host: { id: number; name: string };
  metric: string;
  days: number;
  settings: Settings;
  sensitivity?: number | undefined;
  limit?: number | undefined;
  seasonal?: boolean | undefined;
};

export type Preview = NoiseBudget & { host: { id: number; name: string }; metric: string; series: number };

/** What a choice would have raised of all series of a metric, over the past days. @throws DomainError not-found, cancelled */
export async function previewMetric(
  db: Connection,
  { host, metric, days, settings, ...choice }: PreviewChoice,
  now: number,
  signal: AbortSignal,
): Promise<Preview> {
  const series = await listSeries(db, host.id, [{ metric }]);
  if (series.length === 0) throw new DomainError("not-found", `There is no series of ${metric} on ${host.name}`);
  const own = policyFor({ settings, overrides: await readOverrides(db) }, host.id, metric);
  const policy: Policy = {
    ...own,
    bar: choice.sensitivity === undefined ? own.bar : barFor(choice.sensitivity),
    limit: choice.limit ?? own.limit,
    seasonal: choice.seasonal ?? own.seasonal,
  };
  const zoneOffsetMs = zoneOffset(ownZone(), now);
  const all: Pick<Replay, "points" | "events">[] = [];
  for (const { id } of series) {
    const range = { hostId: host.id, seriesId: id, from: now - days * DAY_MS, to: now, learnMs: LEARN_MS };
    all.push(await replay(db, range, policy, { signal, zoneOffsetMs }));
  }
  const noise = noiseOf({ points: all.flatMap(({ points }) => points), events: all.flatMap(({ events }) => events) });
  return { host, metric, series: series.length, ...noise };
}
