import type { JudgedRule } from "#lib/alerts/expression-findings.ts";
import { chartedPart, compileRule } from "#lib/alerts/expressions/compile.ts";
import { readPlacing } from "#lib/alerts/expressions/places.ts";
import { runExpression } from "#lib/alerts/expressions/run.ts";
import type { Database } from "#lib/db/client.ts";
import { invalidField } from "#lib/errors.ts";
import { hostNames, readableHosts } from "#lib/hosts/hosts.ts";
import { type ChartedExpression, chartSeries } from "#lib/promql/chart.ts";
import type { LabelSet } from "#lib/promql/series/labels.ts";
import { finite } from "#lib/promql/series/points.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { parseExpression } from "#lib/promql/syntax/parse.ts";

const MOST_SHOWN = 10;

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
): Promise<Pick<ChartedExpression, "series" | "leftOut"> & { level: number | null }> {
  const [from, to] = [request.from.getTime(), request.to.getTime()];
  if (to <= from) throw invalidField("to", "It must be later than from");
  const { charted, level } = chartedPart(parseExpression(request.expr));
  const hosts = await readableHosts(db);
  const host = hosts.find(({ id }) => id === request.host)?.name;
  const keep = (labels: LabelSet) =>
    labels.withoutName().pairs.every(([name, text]) => {
      if (name === "host" && host !== undefined && request.labels.host === undefined) return text === host;
      return (request.labels[name] ?? text) === text;
    });
  const span = { from, to, points: request.points };
  const { series, leftOut } = await chartSeries(new StoreReader(db, hosts, { signal }), charted, span, {
    signal,
    keep,
  });
  return { level, series, leftOut };
}
