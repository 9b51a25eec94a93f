import type { Database } from "#lib/db/client.ts";
import { QueryError } from "#lib/promql/query/error.ts";
import { isLabelName, METRIC_NAME } from "#lib/promql/series/labels.ts";
import { findLabelled, type LabelledSeries, type ReadableHost } from "#lib/promql/store/catalog.ts";
import { parseSelector } from "#lib/promql/syntax/parse.ts";

/** The series that any of some selectors name, each once; all without a selector. @throws QueryError bad_data */
async function seriesOf(
  db: Database,
  hosts: readonly ReadableHost[],
  selectors: readonly string[] | undefined,
): Promise<LabelledSeries[]> {
  const conditions = selectors?.length ? selectors.map(parseSelector) : [[]];
  const found = new Map<string, LabelledSeries>();
  for (const matchers of conditions)
    for (const series of await findLabelled(db, hosts, matchers)) found.set(series.labels.key, series);
  return [...found.values()];
}

/** The label sets of the series that selectors name. @throws QueryError bad_data */
export async function listLabelSets(
  db: Database,
  hosts: readonly ReadableHost[],
  selectors: readonly string[],
): Promise<Record<string, string>[]> {
  if (selectors.length === 0) throw new QueryError("bad_data", "no match[] parameter provided");
  return (await seriesOf(db, hosts, selectors)).map(({ labels }) => labels.toRecord());
}

/** The names of the labels of series. @throws QueryError bad_data */
export async function listLabelNames(
  db: Database,
  hosts: readonly ReadableHost[],
  selectors?: readonly string[],
): Promise<string[]> {
  const series = await seriesOf(db, hosts, selectors);
  return [...new Set(series.flatMap(({ labels }) => labels.pairs.map(([name]) => name)))].sort();
}

/** The values that a label has. @throws QueryError bad_data */
export async function listLabelValues(
  db: Database,
  hosts: readonly ReadableHost[],
  name: string,
  selectors?: readonly string[],
): Promise<string[]> {
  if (!isLabelName(name)) throw new QueryError("bad_data", `invalid label name: ${JSON.stringify(name)}`);
  const values = (await seriesOf(db, hosts, selectors)).map(({ labels }) => labels.get(name));
  return [...new Set(values.filter(Boolean))].sort();
}

type Metadata = { type: string; help: string; unit: string };

/** What metrics are, by name; at most `limit` of them. */
export async function listMetadata(
  db: Database,
  hosts: readonly ReadableHost[],
  { metric, limit = Number.POSITIVE_INFINITY }: { metric?: string | undefined; limit?: number | undefined },
): Promise<Record<string, Metadata[]>> {
  const described: Record<string, Metadata[]> = {};
  for (const { labels, stored } of await findLabelled(db, hosts, [])) {
    const name = labels.get(METRIC_NAME);
    if ((metric && name !== metric) || (!described[name] && Object.keys(described).length >= limit)) continue;
    const { kind: type, help, unit } = stored;
    const before = described[name] ?? [];
    const isThere = before.some((own) => own.type === type && own.help === help && own.unit === unit);
    described[name] = isThere ? before : [...before, { type, help, unit }];
  }
  return described;
}
