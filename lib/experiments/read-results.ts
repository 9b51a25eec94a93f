import type { Aggregate, EffectScale } from "#lib/contract/enums.ts";
import type { MetricPlan, VariantPlan } from "#lib/contract/experiment-plans.ts";
import type { Connection } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import { switchedTo } from "#lib/experiments/assign.ts";
import { acrossHosts, beforeAfterResult, hostsResult, switchbackResult } from "#lib/experiments/host-results.ts";
import { mayCount } from "#lib/experiments/publishable-keys.ts";
import type { ExperimentInfo } from "#lib/experiments/read-experiments.ts";
import {
  countOf,
  readTotals,
  subjectsByVariant,
  type TotalRow,
  totalsByVariant,
} from "#lib/experiments/read-totals.ts";
import {
  corrected,
  type MetricResult,
  metricResult,
  type Quality,
  qualityOf,
  quantileResult,
} from "#lib/experiments/results.ts";
import { MIXED } from "#lib/experiments/totals.ts";
import { type Judgement, judge } from "#lib/experiments/verdict.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { queryRange } from "#lib/tsdb/query.ts";

/** Single events of exposed subjects, at most so many a variant: enough for a quantile, and the same ones each time. */
const MAX_EVENTS = 5_000;

async function readValues(
  db: Connection,
  { id, key, stoppedAt }: ExperimentInfo,
  variant: string,
  event: string,
): Promise<number[]> {
  const rows = await db.$queryRaw<{ value: number }[]>`
    SELECT f.value FROM exposure x JOIN metric_event f ON f.subject = x.subject AND f.metric = ${event} AND f.at >= x.at
    WHERE ${mayCount(Prisma.sql`${key}`)} AND x.experiment_id = ${id} AND x.variant = ${variant} AND f.at < ${stoppedAt ?? new Date(8e15)}
    ORDER BY hashtext(f.id) LIMIT ${MAX_EVENTS}`;
  return rows.map(({ value }) => value);
}

async function subjectMetric(
  db: Connection,
  experiment: ExperimentInfo,
  rows: TotalRow[],
  metric: MetricPlan,
): Promise<MetricResult> {
  const { plan, variants } = experiment;
  if (metric.kind !== "quantile") return metricResult(plan, metric, totalsByVariant(rows, variants, metric));
  const values = await Promise.all(
    variants.map(async ({ key }) => ({ key, values: await readValues(db, experiment, key, metric.event ?? "") })),
  );
  return quantileResult(plan, metric, values);
}

const STEP_MS = 10 * MINUTE_MS;

/** What of each step a metric of hosts looks at. */
function aggregateOf({ kind, quantile }: MetricPlan): Aggregate | undefined {
  if (kind === "count") return "sum";
  if (kind !== "quantile") return undefined;
  const q = quantile ?? 0.5;
  return q > 0.97 ? "p99" : q > 0.92 ? "p95" : q > 0.7 ? "p90" : "p50";
}

type Hosts = { hostIds: number[]; from: number; to: number };

/** The steps of a live metric of some hosts: of the time before the start and since, as means over the hosts. */
async function readHosts(
  db: Connection,
  { hostIds, from, to }: Hosts,
  series: string,
  aggregate: Aggregate | undefined,
): Promise<[number, number][]> {
  const hosts = await Promise.all(
    hostIds.map((hostId) =>
      queryRange(db, { hostId, series: [series], from, to, stepMs: STEP_MS, aggregate }).catch(() => null),
    ),
  );
  const perSeries = hosts.flatMap((range) =>
    (range?.series ?? []).map(({ points }) => points.filter((point): point is [number, number] => point[1] !== null)),
  );
  return acrossHosts(perSeries);
}

/** A metric's steps; of a ratio those of one series by those of the other. */
async function readOutcome(db: Connection, hosts: Hosts, metric: MetricPlan): Promise<[number, number][]> {
  const read = (series: string | null) => readHosts(db, hosts, series ?? "", aggregateOf(metric));
  if (metric.kind !== "ratio") return read(metric.series);
  const [above, below] = await Promise.all([read(metric.series), read(metric.denominator)]);
  const divisors = new Map(below);
  return above.flatMap(([at, value]): [number, number][] => {
    const divisor = divisors.get(at);
    return divisor ? [[at, value / divisor]] : [];
  });
}

async function systemMetric(
  db: Connection,
  experiment: ExperimentInfo,
  metric: MetricPlan,
  now: number,
): Promise<MetricResult> {
  const { plan, variants, kind, startedAt, stoppedAt } = experiment;
  const [control, treatment] = variants as [VariantPlan, VariantPlan];
  const start = startedAt?.getTime() ?? now;
  const [from, to] = [start - plan.beforeDays * DAY_MS, stoppedAt?.getTime() ?? now];
  const readVariant = (hostIds: number[]) => readOutcome(db, { hostIds, from, to }, metric);
  if (kind === "hosts") {
    const [a, b] = await Promise.all([readVariant(control.hostIds), readVariant(treatment.hostIds)]);
    return hostsResult(
      plan,
      metric,
      [
        { variant: control.key, points: a },
        { variant: treatment.key, points: b },
      ],
      start,
    );
  }
  const points = await readVariant(control.hostIds);
  const names: [string, string] = [control.key, treatment.key];
  if (kind === "before_after") return beforeAfterResult(plan, metric, names, points, start);
  return switchbackResult(plan, metric, names, points, (at) => switchedTo(experiment, start, at), start);
}

export type Results = {
  metrics: MetricResult[];
  quality: Quality;
  subjects: { variant: string; n: number }[];
  runningDays: number;
  verdict: Judgement;
};

/** Blocks of hosts' time that each side needs: six stretches before say how they vary. */
const MIN_BLOCKS = 6;

/** The results of an experiment at `now` (ms), with their verdict. */
export async function readResults(db: Connection, experiment: ExperimentInfo, now: number): Promise<Results> {
  const { plan, variants, kind, startedAt, stoppedAt } = experiment;
  const rows = kind === "ab" ? await readTotals(db, experiment.id) : [];
  const metrics = corrected(
    plan,
    await Promise.all(
      experiment.metrics.map((metric) =>
        kind === "ab" ? subjectMetric(db, experiment, rows, metric) : systemMetric(db, experiment, metric, now),
      ),
    ),
  );
  const subjects = subjectsByVariant(rows, variants);
  const mixed = countOf(rows.filter(({ metric }) => metric === MIXED));
  const weighed = subjects.map(({ n }, i) => ({ n, weight: variants[i]?.weight ?? 0 }));
  const quality = kind === "ab" ? qualityOf(weighed, mixed) : { srm: 1, mixed: 0, warnings: [] };
  const runningDays = startedAt ? ((stoppedAt?.getTime() ?? now) - startedAt.getTime()) / DAY_MS : 0;
  const counted = kind === "ab" ? subjects : (metrics.find(({ role }) => role === "primary")?.arms ?? []);
  const verdict = judge({
    plan,
    metrics,
    quality,
    fewest: Math.min(...counted.map(({ n }) => n)),
    required: kind === "ab" ? plan.minSubjects : MIN_BLOCKS,
    counted: kind === "ab" ? "subjects" : "samples",
    runningDays,
  });
  return { metrics, quality, subjects, runningDays, verdict };
}

/** A metric's effect as it was at the end of each day: what a reader would have seen then. */
export type EffectOverTime = {
  at: number;
  scale: EffectScale;
  effect: number;
  ci: [number, number];
  chanceToWin: number;
}[];

/** The cumulative effect of each variant by day, over which it can be seen to settle. */
export async function readTimeline(
  db: Connection,
  experiment: ExperimentInfo,
  metricKey: string,
): Promise<{ variant: string; days: EffectOverTime }[]> {
  const metric = experiment.metrics.find(({ key }) => key === metricKey);
  if (!metric) throw new DomainError("not-found", `There is no metric "${metricKey}" in this experiment`);
  // Totals say nothing of a quantile.
  const rows = metric.kind === "quantile" ? [] : await readTotals(db, experiment.id);
  const days = [...new Set(rows.map(({ day }) => day.getTime()))].sort((a, b) => a - b);
  const treatments = experiment.variants.slice(1).map(({ key }) => ({ variant: key, days: [] as EffectOverTime }));
  for (const at of days) {
    const until = rows.filter(({ day }) => day.getTime() <= at);
    const result = metricResult(experiment.plan, metric, totalsByVariant(until, experiment.variants, metric));
    for (const treatment of treatments) {
      const comparison = result.comparisons.find(({ variant }) => variant === treatment.variant);
      if (comparison) {
        const { scale, effect, ci, chanceToWin } = comparison;
        treatment.days.push({ at, scale, effect, ci, chanceToWin });
      }
    }
  }
  // A line has one scale, that of today: the first days may have said it in another.
  return treatments.map(({ variant, days: own }) => ({
    variant,
    days: own.filter(({ scale }) => scale === own.at(-1)?.scale),
  }));
}

/** Results by each value of the dimension: exploratory, since many comparisons find something by chance. */
export async function readDimensions(
  db: Connection,
  experiment: ExperimentInfo,
): Promise<{ dimension: string; metrics: MetricResult[] }[]> {
  const rows = await readTotals(db, experiment.id);
  const dimensions = [...new Set(rows.map(({ dimension }) => dimension))].filter(Boolean).sort();
  const metrics = experiment.metrics.filter(({ kind }) => kind !== "quantile");
  return dimensions.map((dimension) => {
    const own = rows.filter((row) => row.dimension === dimension);
    return {
      dimension,
      metrics: metrics.map((metric) =>
        metricResult(experiment.plan, metric, totalsByVariant(own, experiment.variants, metric)),
      ),
    };
  });
}
