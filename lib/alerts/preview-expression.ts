import type { JudgedRule } from "#lib/alerts/expression-findings.ts";
import { chartedPart, compileRule } from "#lib/alerts/expressions/compile.ts";
import { readPlacing } from "#lib/alerts/expressions/places.ts";
import { runExpression } from "#lib/alerts/expressions/run.ts";
import type { Database } from "#lib/db/client.ts";
import { invalidField } from "#lib/errors.ts";
import { hostNames, readableHosts } from "#lib/hosts/hosts.ts";
import { queryRange } from "#lib/promql/engine.ts";
import type { LabelSet } from "#lib/promql/series/labels.ts";
import { finite, stepPoints } from "#lib/promql/series/points.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { parseExpression } from "#lib/promql/syntax/parse.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import type { Point } from "#lib/tsdb/points.ts";

const MOST_SHOWN = 10;
const MOST_SERIES = 20;

/** What an expression's rule would judge at `now` (ms), with the first of its elements. @throws QueryError */
export async function previewExpression(
  db: Database,
  rule: JudgedRule,
  { now, signal }: { now: number; signal: AbortSignal },
) {
  const reader = new StoreReader(db, await readableHosts(db), { signal });
  const { elements, read } = await runExpression(reader, compileRule(rule), now, { signal });
  const { ownHostId, placeOf } = await readPlacing(db, now);
  const hostIdOf = (labels: LabelSet) => placeOf(labels)?.hostId ?? ownHostId;
  const hostIds = new Set(elements.map(({ labels }) => hostIdOf(labels)));
  const names = await hostNames(db, [...hostIds]);
  return {
    problem: read || elements.length > 0 ? null : "No series that the expression reads has samples now",
    series: elements.length,
    hosts: hostIds.size,
    elements: elements.slice(0, MOST_SHOWN).map((element) => ({
      host: names.get(hostIdOf(element.labels)) ?? "",
      labels: element.labels.toRecord(),
      value: finite(element.value),
      summary: element.annotate().summary ?? "",
    })),
  };
}

/** What is drawn of an expression over [from, to] (ms). */
export type ExpressionChart = {
  level: number | null;
  series: { labels: Record<string, string>; points: Point[] }[];
  leftOut: number;
};

/** What an expression was over a time, in at most `points` steps: of `load > 4` the load, with its level. @throws QueryError; DomainError validation */
export async function chartExpression(
  db: Database,
  request: {
    expr: string;
    from: Date;
    to: Date;
    points: number;
    labels: Record<string, string>;
    host?: number | undefined;
  },
  signal: AbortSignal,
): Promise<ExpressionChart> {
  const [from, to] = [request.from.getTime(), request.to.getTime()];
  if (to <= from) throw invalidField("to", "It must be later than from");
  const { charted, level } = chartedPart(parseExpression(request.expr));
  const stepMs = Math.ceil((to - from) / (request.points - 1) / SECOND_MS) * SECOND_MS;
  const toMs = Math.floor(to / stepMs) * stepMs;
  const span = { fromMs: Math.min(Math.ceil(from / stepMs) * stepMs, toMs), toMs, stepMs };
  const hosts = await readableHosts(db);
  const found = await queryRange(new StoreReader(db, hosts, { signal }), charted, span, { signal });
  const host = hosts.find(({ id }) => id === request.host)?.name;
  const wanted = found.filter(({ labels }) =>
    labels.withoutName().pairs.every(([name, text]) => {
      if (name === "host" && host !== undefined && request.labels.host === undefined) return text === host;
      return (request.labels[name] ?? text) === text;
    }),
  );
  const series = wanted.slice(0, MOST_SERIES);
  return {
    level,
    series: series.map((each) => ({ labels: each.labels.toRecord(), points: stepPoints(each, span) })),
    leftOut: wanted.length - series.length,
  };
}
