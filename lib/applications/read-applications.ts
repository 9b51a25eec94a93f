import { bucketsOf, countsOf, OF_ALL, ofOperations, ofService, type Scope } from "#lib/applications/expressions.ts";
import { type Figures, figuresOf, type Tally, type Threshold } from "#lib/applications/figures.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { queryRange } from "#lib/promql/engine.ts";
import { BUCKET_LABEL, type LabelSet } from "#lib/promql/series/labels.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { readNumber } from "#lib/promql/syntax/literals.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** `from`, `to` in ms; `threshold` of Apdex in seconds. */
type Span = { from: number; to: number; threshold: Threshold; signal?: AbortSignal | undefined };
type Host = { id: number; name: string };
type Grid = { fromMs: number; toMs: number; stepMs: number };
type Source = { db: Database; hosts: readonly Host[]; signal: AbortSignal | undefined };

/** What was counted of a group, by the instant (ms) at which the window ends. */
type Group = { labels: LabelSet; steps: Map<number, Tally> };

const STATUS = "status";

/** Counts of each group of a scope at each step of a grid, from one reading of the requests and one of the buckets. */
async function readGroups({ db, hosts, signal }: Source, scope: Scope, grid: Grid): Promise<Group[]> {
  const reader = new StoreReader(db, hosts, { signal });
  const read = (expression: string) => queryRange(reader, expression, grid, { signal });
  const [counts, buckets] = await Promise.all([read(countsOf(scope)), read(bucketsOf(scope))]);
  const groups = new Map<string, Group>();
  const add = ({ labels: all, times, values }: SeriesSamples, count: (tally: Tally, value: number) => void) => {
    const labels = all.without([STATUS, BUCKET_LABEL]);
    const group = groups.get(labels.key) ?? { labels, steps: new Map<number, Tally>() };
    groups.set(labels.key, group);
    for (const [n, at] of times.entries()) {
      const tally = group.steps.get(at) ?? { requests: 0, failed: 0, buckets: new Map() };
      group.steps.set(at, tally);
      count(tally, values[n] as number);
    }
  };
  for (const series of counts) {
    const failed = series.labels.get(STATUS) === "error";
    add(series, (tally, value) => {
      tally.requests += value;
      if (failed) tally.failed += value;
    });
  }
  for (const series of buckets) {
    const bound = readNumber(series.labels.get(BUCKET_LABEL));
    if (bound === undefined) continue;
    const succeeded = series.labels.get(STATUS) === "ok";
    add(series, (tally, value) => {
      const bucket = tally.buckets.get(bound) ?? { count: 0, succeeded: 0 };
      tally.buckets.set(bound, bucket);
      bucket.count += value;
      if (succeeded) bucket.succeeded += value;
    });
  }
  return [...groups.values()];
}

/** The figures of each group over a span, busiest first. */
async function readFigures(
  source: Source,
  subject: Omit<Scope, "windowS">,
  { from, to, threshold }: Span,
): Promise<{ labels: LabelSet; figures: Figures }[]> {
  const windowS = Math.ceil(Math.max(MINUTE_MS, to - from) / SECOND_MS);
  const groups = await readGroups(source, { ...subject, windowS }, { fromMs: to, toMs: to, stepMs: 1 });
  return groups
    .flatMap(({ labels, steps }) => {
      const tally = steps.get(to);
      return tally ? [{ labels, figures: figuresOf(tally, windowS, threshold) }] : [];
    })
    .sort((a, b) => b.figures.requests - a.figures.requests);
}

/** All services that sent spans in a span, busiest first. @throws QueryError for more samples than a query may read */
export async function listApplications(db: Database, span: Span) {
  const hosts = await readableHosts(db);
  const groups = await readFigures({ db, hosts, signal: span.signal }, OF_ALL, span);
  return groups.flatMap(({ labels, figures }) => {
    const id = Number(labels.get("host_id"));
    const host = hosts.find((each) => (id > 0 ? each.id === id : each.name === labels.get("host")));
    return host ? [{ hostId: host.id, host: host.name, service: labels.get("job"), ...figures }] : [];
  });
}

async function hostOf(db: Connection, id: number): Promise<Host[]> {
  return (await readableHosts(db)).filter((host) => host.id === id);
}

/** The operations of a service on the host of its input, busiest first. */
export async function listOperations(db: Database, { host, service }: { host: number; service: string }, span: Span) {
  const source = { db, hosts: await hostOf(db, host), signal: span.signal };
  return (await readFigures(source, ofOperations(service), span)).map(({ labels, figures }) => ({
    operation: labels.get("operation"),
    kind: labels.get("span_kind"),
    ...figures,
  }));
}

/** Rates are over so many steps, and at least over so long: what is stored each ten seconds and more is in every one. */
const LEAST_WINDOW_MS = 2 * MINUTE_MS;

/** The lines of a service's course, by the names of the figures that they show. */
const LINES = { rate: "rate", errors: "errorRate", p50: "p50", p95: "p95", p99: "p99" } as const;
type Line = keyof typeof LINES;

type HistoryQuery = { host: number; service: string; points: number } & Omit<Span, "threshold">;

/** How a service did over [from, to] (ms) in at most `points` steps: requests/s, share of errors, response times in seconds. */
export async function readApplicationHistory(db: Database, query: HistoryQuery) {
  const { host, service, from, to, points, signal } = query;
  const stepMs = Math.max(SECOND_MS, Math.ceil((to - from) / (points - 1) / SECOND_MS) * SECOND_MS);
  const windowS = Math.max(LEAST_WINDOW_MS, stepMs) / SECOND_MS;
  const start = Math.floor(from / stepMs) * stepMs;
  const source = { db, hosts: await hostOf(db, host), signal };
  const [group] = await readGroups(source, { ...ofService(service), windowS }, { fromMs: start, toMs: to, stepMs });
  const instants = Array.from({ length: Math.floor((to - start) / stepMs) + 1 }, (_, n) => start + n * stepMs);
  const steps = instants.map((at) => {
    const tally = group?.steps.get(at);
    return tally && figuresOf(tally, windowS, "0.25");
  });
  const series = (Object.keys(LINES) as Line[]).map((name) => ({
    name,
    points: instants.map((at, n): [number, number | null] => [at, steps[n]?.[LINES[name]] ?? null]),
  }));
  return { from, to, stepMs, series };
}
