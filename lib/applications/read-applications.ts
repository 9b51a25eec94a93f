import {
  countOf,
  errorsOf,
  OF_ALL,
  ofOperations,
  ofService,
  quantileOf,
  type Scope,
  withinOf,
} from "#lib/applications/expressions.ts";
import type { APDEX_THRESHOLDS } from "#lib/contract/applications.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { queryInstant, queryRange } from "#lib/promql/engine.ts";
import type { LabelSet } from "#lib/promql/series/labels.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

type Threshold = (typeof APDEX_THRESHOLDS)[number];
/** `from`, `to` in ms; `threshold` of Apdex in seconds. */
type Span = { from: number; to: number; threshold: Threshold; signal?: AbortSignal | undefined };

/** Throughput (requests/s), share of errors, response times (s) and Apdex of something in a span. */
export type Figures = {
  requests: number;
  rate: number;
  errorRate: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  apdex: number | null;
};

type Read = (expression: string) => Promise<Map<string, { labels: LabelSet; value: number }>>;

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** The figures of each group of a scope, by the group's labels; busiest first. */
async function readFigures(
  read: Read,
  scope: Scope,
  threshold: Threshold,
): Promise<{ labels: LabelSet; figures: Figures }[]> {
  const bounds = [threshold, String(Number(threshold) * 4)] as const;
  const [counts, errors, satisfied, tolerated, p50, p95, p99] = await Promise.all([
    read(countOf(scope)),
    read(errorsOf(scope)),
    read(withinOf(scope, bounds[0])),
    read(withinOf(scope, bounds[1])),
    read(quantileOf(scope, 0.5)),
    read(quantileOf(scope, 0.95)),
    read(quantileOf(scope, 0.99)),
  ]);
  const groups = [...counts].map(([key, { labels, value: requests }]) => {
    const valueIn = (found: Awaited<ReturnType<Read>>) => found.get(key)?.value;
    const share = (count: number) => (requests > 0 ? Math.min(1, Math.max(0, count / requests)) : null);
    const figures = {
      ...{ requests, rate: requests / scope.windowS, errorRate: share(valueIn(errors) ?? 0) },
      ...{ p50: finite(valueIn(p50)), p95: finite(valueIn(p95)), p99: finite(valueIn(p99)) },
      apdex: share(((valueIn(satisfied) ?? 0) + (valueIn(tolerated) ?? 0)) / 2),
    };
    return { labels, figures };
  });
  return groups.sort((a, b) => b.figures.requests - a.figures.requests);
}

type Host = { id: number; name: string };

const readerAt =
  (db: Database, hosts: readonly Host[], { to, signal }: Span): Read =>
  async (expression) => {
    const result = await queryInstant(new StoreReader(db, hosts, { signal }), expression, to, { signal });
    if (result.type !== "vector") throw new Error(`${expression} gives no vector`);
    return new Map(result.samples.map((sample) => [sample.labels.key, sample]));
  };

const windowOf = ({ from, to }: { from: number; to: number }): number =>
  Math.max(MINUTE_MS, Math.round(to - from)) / SECOND_MS;

/** All services that sent spans in a span, busiest first. @throws QueryError for more samples than a query may read */
export async function listApplications(db: Database, span: Span) {
  const hosts = await readableHosts(db);
  const scope = { ...OF_ALL, windowS: Math.ceil(windowOf(span)) };
  const groups = await readFigures(readerAt(db, hosts, span), scope, span.threshold);
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
  const scope = { ...ofOperations(service), windowS: Math.ceil(windowOf(span)) };
  const groups = await readFigures(readerAt(db, await hostOf(db, host), span), scope, span.threshold);
  return groups.map(({ labels, figures }) => ({
    operation: labels.get("operation"),
    kind: labels.get("span_kind"),
    ...figures,
  }));
}

/** Rates are over so many steps, and at least over so long: what is stored each ten seconds and more is in every one. */
const LEAST_WINDOW_MS = 2 * MINUTE_MS;

/** How a service did over [from, to] (ms) in at most `points` steps: requests/s, share of errors, response times in seconds. */
export async function readApplicationHistory(
  db: Database,
  {
    host,
    service,
    from,
    to,
    points,
    signal,
  }: { host: number; service: string; from: number; to: number; points: number; signal?: AbortSignal | undefined },
) {
  const stepMs = Math.max(SECOND_MS, Math.ceil((to - from) / (points - 1) / SECOND_MS) * SECOND_MS);
  const windowS = Math.max(LEAST_WINDOW_MS, stepMs) / SECOND_MS;
  const scope = { ...ofService(service), windowS };
  const hosts = await hostOf(db, host);
  const start = Math.floor(from / stepMs) * stepMs;
  const read = async (name: "rate" | "errors" | "p50" | "p95" | "p99", expression: string) => {
    const reader = new StoreReader(db, hosts, { signal });
    const [series] = await queryRange(reader, expression, { fromMs: start, toMs: to, stepMs }, { signal });
    const values = new Map(Array.from(series?.times ?? [], (at, n) => [at, series?.values[n] ?? Number.NaN]));
    const count = Math.floor((to - start) / stepMs) + 1;
    return {
      name,
      points: Array.from({ length: count }, (_, n): [number, number | null] => {
        const at = start + n * stepMs;
        return [at, finite(values.get(at))];
      }),
    };
  };
  const errors = `((${errorsOf(scope)}) or (${countOf(scope)} * 0)) / (${countOf(scope)} > 0)`;
  const series = await Promise.all([
    read("rate", `${countOf(scope)} / ${windowS}`),
    read("errors", errors),
    read("p50", quantileOf(scope, 0.5)),
    read("p95", quantileOf(scope, 0.95)),
    read("p99", quantileOf(scope, 0.99)),
  ]);
  return { from, to, stepMs, series };
}
