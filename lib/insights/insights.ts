import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { BOTTLENECK_METRICS, type Bottleneck, findBottlenecks } from "#lib/insights/bottlenecks.ts";
import {
  type DecisionStatus,
  decideRecommendation,
  type RecommendationDecision,
  readDecisions,
} from "#lib/insights/decisions.ts";
import { type Figures, readFigures } from "#lib/insights/figures.ts";
import { findSignals, MAINTENANCE_METRICS, type Signal } from "#lib/insights/maintenance.ts";
import { DATABASE_METRICS, type Recommendation, recommend } from "#lib/insights/recommendations.ts";
import { findTrends, TREND_METRICS, type Trend } from "#lib/insights/trends.ts";
import { type Worded, type WordingService, wordMatter } from "#lib/insights/wording.ts";
import { readSecret, readSettings } from "#lib/settings/store.ts";
import { mean } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const LONG_MS = 21 * DAY_MS;

type Decided = Recommendation & {
  status: DecisionStatus;
  until: Date | null;
  decidedAt: Date | null;
  /** Of one that was done: its first figure then and since. */
  helped: { before: number; since: number } | null;
};

export type Insights = {
  trends: Trend[];
  bottlenecks: Bottleneck[];
  signals: Signal[];
  recommendations: Decided[];
};

const METRICS = [...new Set([...TREND_METRICS, ...BOTTLENECK_METRICS, ...MAINTENANCE_METRICS, ...DATABASE_METRICS])];

/** What of a done one's first series is known since it was done. */
function helped(key: RecommendationDecision, figures: Figures[], seriesId: number | undefined): Decided["helped"] {
  const points = figures.find(({ id }) => id === seriesId)?.points ?? [];
  const values = points.filter(([at]) => at >= key.at.getTime()).map(([, value]) => value);
  return values.length > 0 && key.before !== null ? { before: key.before, since: mean(values) } : null;
}

function decided(
  recommendations: Recommendation[],
  decisions: Map<string, RecommendationDecision>,
  figures: Figures[],
  now: number,
): Decided[] {
  return recommendations.map((one): Decided => {
    const decision = decisions.get(one.key);
    const awake = decision?.status === "snoozed" && (decision.until?.getTime() ?? 0) <= now;
    if (!decision || awake) return { ...one, status: "open", until: null, decidedAt: null, helped: null };
    const { status, until, at } = decision;
    const outcome = status === "done" ? helped(decision, figures, one.evidence[0]?.seriesId) : null;
    return { ...one, status, until, decidedAt: at, helped: outcome };
  });
}

/** All that is worth knowing of a host at `now` (ms): three weeks by the hour, of the young by finer steps. */
export async function readInsights(db: Database, hostId: number, now: number): Promise<Insights> {
  const [host, decisions, long, recent] = await Promise.all([
    db.host.findUnique({ where: { id: hostId } }),
    readDecisions(db, hostId),
    readFigures(db, { hostId, metrics: METRICS, from: now - LONG_MS, to: now, stepMs: HOUR_MS }),
    readFigures(db, { hostId, metrics: METRICS, from: now - DAY_MS, to: now, stepMs: 5 * MINUTE_MS }),
  ]);
  const cores = Number((host?.system as { cores?: number } | undefined)?.cores ?? 1);
  const bottlenecks = findBottlenecks(recent, cores);
  const signals = findSignals(long, now);
  const order = (metric: string) => TREND_METRICS.indexOf(metric);
  return {
    trends: findTrends(
      long.filter(({ metric }) => order(metric) >= 0).sort((a, b) => order(a.metric) - order(b.metric)),
      now,
    ),
    bottlenecks,
    signals,
    recommendations: decided(recommend(signals, bottlenecks, recent), decisions, long, now),
  };
}

type Decision = { key: string; status: DecisionStatus; days: number };

const noSuch = (key: string) =>
  new DomainError("not-found", `There is no recommendation "${key}" now: GET /api/v1/insights lists them`);

/** Decides on a recommendation and answers all insights as they are then. @throws DomainError not-found */
export async function decideOn(
  db: Database,
  hostId: number,
  { key, status, days }: Decision,
  { userId, now }: { userId: string; now: number },
): Promise<Insights> {
  const insights = await readInsights(db, hostId, now);
  const one = insights.recommendations.find((recommendation) => recommendation.key === key);
  if (!one) throw noSuch(key);
  const decision = {
    key,
    status,
    until: status === "snoozed" ? new Date(now + days * DAY_MS) : null,
    at: new Date(now),
    before: one.evidence[0]?.value ?? null,
  };
  await decideRecommendation(db, hostId, decision, userId);
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
  const one = recommendations.find((recommendation) => recommendation.key === key);
  if (!one) throw noSuch(key);
  return wordMatter(one, await wordingService(db, secret));
}
