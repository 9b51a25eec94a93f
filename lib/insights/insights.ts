import type { RecommendationStatus } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { hostCores } from "#lib/hosts/hosts.ts";
import { BOTTLENECK_METRICS, type Bottleneck, findBottlenecks } from "#lib/insights/bottlenecks.ts";
import { type Figures, readFigures } from "#lib/insights/figures.ts";
import { findSignals, MAINTENANCE_METRICS, type Signal } from "#lib/insights/maintenance.ts";
import { type Ongoing, readOngoing } from "#lib/insights/ongoing.ts";
import {
  type RecommendationState,
  readRecommendationStates,
  saveRecommendationState,
} from "#lib/insights/recommendation-state.ts";
import { DATABASE_METRICS, type Recommendation, recommend } from "#lib/insights/recommendations.ts";
import { findTrends, TREND_METRICS, type Trend } from "#lib/insights/trends.ts";
import { type Worded, type WordingService, wordMatter } from "#lib/insights/wording.ts";
import { readSecret, readSettings } from "#lib/settings/store.ts";
import { mean } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const LONG_MS = 21 * DAY_MS;
const NOW_MS = 10 * MINUTE_MS;

/** A figure when its recommendation was done, and its mean since, in its unit. */
type BeforeAndSince = { before: number; since: number } | null;

type RecommendationInfo = Recommendation & {
  status: RecommendationStatus;
  until: Date | null;
  statusAt: Date | null;
  /** Of a done one. */
  effect: BeforeAndSince;
};

export type Insights = {
  /** What is wrong now. */
  ongoing: Ongoing[];
  /** How much (ms) of the past day and of the past three weeks there is data of. */
  covered: { dayMs: number; allMs: number };
  trends: Trend[];
  bottlenecks: Bottleneck[];
  signals: Signal[];
  recommendations: RecommendationInfo[];
};

const METRICS = [...new Set([...TREND_METRICS, ...BOTTLENECK_METRICS, ...MAINTENANCE_METRICS, ...DATABASE_METRICS])];

/** The first figure of a recommendation when it was done, and the mean of its series since; null where either is unknown. */
function beforeAndSince(state: RecommendationState, figures: Figures[], seriesId: number | undefined): BeforeAndSince {
  const points = figures.find(({ id }) => id === seriesId)?.points ?? [];
  const values = points.filter(([at]) => at >= state.statusAt.getTime()).map(([, value]) => value);
  return values.length > 0 && state.before !== null ? { before: state.before, since: mean(values) } : null;
}

function withStatus(
  recommendations: Recommendation[],
  states: Map<string, RecommendationState>,
  figures: Figures[],
  now: number,
): RecommendationInfo[] {
  return recommendations.map((recommendation): RecommendationInfo => {
    const state = states.get(recommendation.key);
    const awake = state?.status === "snoozed" && (state.until?.getTime() ?? 0) <= now;
    if (!state || awake) return { ...recommendation, status: "open", until: null, statusAt: null, effect: null };
    const { status, until, statusAt } = state;
    const effect = status === "done" ? beforeAndSince(state, figures, recommendation.evidence[0]?.seriesId) : null;
    return { ...recommendation, status, until, statusAt, effect };
  });
}

/** The longest that there is data of any series; of what is shorter than the steps of a window, by finer ones. */
function coveredBy(figures: Record<"long" | "day" | "minutes", Figures[]>): Insights["covered"] {
  const most = (all: Figures[]) => Math.max(0, ...all.map(({ coveredMs }) => coveredMs));
  const [long, day, minutes] = [most(figures.long), most(figures.day), most(figures.minutes)];
  const dayMs = day > NOW_MS ? day : minutes;
  return { dayMs, allMs: long > DAY_MS ? long : dayMs };
}

/** All that is worth knowing of a host at `now` (ms): three weeks by the hour, of the young by finer steps. */
export async function readInsights(db: Database, hostId: number, now: number): Promise<Insights> {
  const figuresOf = (spanMs: number, stepMs: number) =>
    readFigures(db, { hostId, metrics: METRICS, from: now - spanMs, to: now, stepMs });
  const [cores, states, ongoing, long, day, minutes] = await Promise.all([
    hostCores(db, hostId),
    readRecommendationStates(db, hostId),
    readOngoing(db, hostId, now),
    figuresOf(LONG_MS, HOUR_MS),
    figuresOf(DAY_MS, 5 * MINUTE_MS),
    figuresOf(NOW_MS, MINUTE_MS),
  ]);
  const bottlenecks = findBottlenecks(day, minutes, cores);
  const signals = findSignals(long, now);
  const order = (metric: string) => TREND_METRICS.indexOf(metric);
  const found = recommend({ ongoing, signals, bottlenecks, day, minutes });
  return {
    ongoing,
    covered: coveredBy({ long, day, minutes }),
    trends: findTrends(
      long.filter(({ metric }) => order(metric) >= 0).sort((a, b) => order(a.metric) - order(b.metric)),
      now,
    ),
    bottlenecks,
    signals,
    recommendations: withStatus(found, states, long, now),
  };
}

/** A status that a user gives; `days` is how long a snoozed one stays away. */
export type RecommendationUpdate = { key: string; status: RecommendationStatus; days: number };

const noSuch = (key: string) =>
  new DomainError("not-found", `There is no recommendation "${key}" now: GET /api/v1/insights lists them`);

/** Gives a recommendation a status and answers all insights as they are then. @throws DomainError not-found */
export async function updateRecommendationStatus(
  db: Database,
  hostId: number,
  { key, status, days }: RecommendationUpdate,
  { userId, now }: { userId: string; now: number },
): Promise<Insights> {
  const insights = await readInsights(db, hostId, now);
  const chosen = insights.recommendations.find((recommendation) => recommendation.key === key);
  if (!chosen) throw noSuch(key);
  const state = {
    key,
    status,
    until: status === "snoozed" ? new Date(now + days * DAY_MS) : null,
    statusAt: new Date(now),
    before: chosen.evidence[0]?.value ?? null,
  };
  await saveRecommendationState(db, hostId, state, userId);
  return readInsights(db, hostId, now);
}

/** The language model of the settings, where it is on and complete. */
async function wordingService(db: Database, secret: string): Promise<WordingService | undefined> {
  const { wording, wording_url: url, wording_model: model, wording_redact: redact } = await readSettings(db);
  if (!wording || !url || !model) return undefined;
  return { url, model, redact, key: await readSecret(db, "wording_key", secret) };
}

/** A recommendation in words. @throws DomainError not-found */
export async function wordRecommendation(
  db: Database,
  hostId: number,
  key: string,
  { secret, now }: { secret: string; now: number },
): Promise<Worded> {
  const { recommendations } = await readInsights(db, hostId, now);
  const chosen = recommendations.find((recommendation) => recommendation.key === key);
  if (!chosen) throw noSuch(key);
  return wordMatter(chosen, await wordingService(db, secret));
}
