import { ofOperations, ofServices, ofSubject, type Scope, type Subject } from "#lib/applications/expressions.ts";
import { type Figures, figuresOf, type Threshold } from "#lib/applications/figures.ts";
import { gridOf, hostOf, instantsOf, LEAST_WINDOW_MS, type Source } from "#lib/applications/grid.ts";
import { readGroups } from "#lib/applications/read-groups.ts";
import type { Database } from "#lib/db/client.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import type { LabelSet } from "#lib/promql/series/labels.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** `from`, `to` in ms; `threshold` of Apdex in seconds. */
type Span = { from: number; to: number; threshold: Threshold; signal?: AbortSignal | undefined };

/** The figures of each group over a span, busiest first. */
async function readFigures(
  source: Source,
  subject: Scope,
  { from, to, threshold }: Span,
): Promise<{ labels: LabelSet; figures: Figures }[]> {
  const windowMs = Math.max(MINUTE_MS, to - from);
  const groups = await readGroups(source, subject, { grid: { fromMs: to, toMs: to, stepMs: 1 }, windowMs });
  return groups
    .flatMap(({ labels, steps }) => {
      const tally = steps.get(to);
      return tally ? [{ labels, figures: figuresOf(tally, windowMs / SECOND_MS, threshold) }] : [];
    })
    .sort((a, b) => b.figures.requests - a.figures.requests);
}

/**
 * The services that sent spans in a span, busiest first: of a host and a name, or all of them.
 * @throws QueryError for more samples than a query may read
 */
export async function listApplications(
  db: Database,
  { host: wanted, service }: { host?: number | undefined; service?: string | undefined },
  span: Span,
) {
  const hosts = wanted === undefined ? await readableHosts(db) : await hostOf(db, wanted);
  const groups = await readFigures({ db, hosts, signal: span.signal }, ofServices(service), span);
  return groups.flatMap(({ labels, figures }) => {
    const id = Number(labels.get("host_id"));
    const host = hosts.find((each) => (id > 0 ? each.id === id : each.name === labels.get("host")));
    return host ? [{ hostId: host.id, host: host.name, service: labels.get("job"), ...figures }] : [];
  });
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

/** The lines of a service's course, by the names of the figures that they show. */
const LINES = { rate: "rate", errors: "errorRate", p50: "p50", p95: "p95", p99: "p99" } as const;
type Line = keyof typeof LINES;

type HistoryQuery = Subject & { host: number; points: number } & Omit<Span, "threshold">;

/** How a service or an operation of it did over [from, to] (ms) in at most `points` steps: requests/s, share of errors, response times in seconds. */
export async function readApplicationHistory(db: Database, query: HistoryQuery) {
  const { host, from, to, signal } = query;
  const grid = gridOf(query);
  const { stepMs } = grid;
  const windowMs = Math.max(LEAST_WINDOW_MS, stepMs);
  const source = { db, hosts: await hostOf(db, host), signal };
  const [group] = await readGroups(source, ofSubject(query), { grid, windowMs });
  const instants = instantsOf(grid);
  const steps = instants.map((at) => {
    const tally = group?.steps.get(at);
    return tally && figuresOf(tally, windowMs / SECOND_MS, "0.25");
  });
  const series = (Object.keys(LINES) as Line[]).map((name) => ({
    name,
    points: instants.map((at, n): [number, number | null] => [at, steps[n]?.[LINES[name]] ?? null]),
  }));
  return { from, to, stepMs, series };
}
