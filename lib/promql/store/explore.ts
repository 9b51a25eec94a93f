import type { Database } from "#lib/db/client.ts";
import { QueryError } from "#lib/promql/query/error.ts";
import { isLabelName, METRIC_NAME } from "#lib/promql/series/labels.ts";
import {
  findLabelled,
  hostLabels,
  type LabelledSeries,
  ownLabel,
  type ReadableHost,
} from "#lib/promql/store/catalog.ts";
import { legalMetric, likeLegal } from "#lib/promql/store/names.ts";
import { parseSelector } from "#lib/promql/syntax/parse.ts";
import {
  hostsWithSeries,
  listLabelNamesOfHosts,
  listLabelValuesOfHosts,
  listMetricsOfHosts,
  type SeriesExtent,
  sourcesWithin,
  type Within,
} from "#lib/tsdb/catalog.ts";

// What a reader asks before a query. Without a selector this is of all series, of which there may be a million: so the database lists what there
// is of each, and not the series.

/** Of which series: those of readable hosts that any of some selectors name, where there are any, and whose source has samples within a time. */
export type Listing = {
  hosts: readonly ReadableHost[];
  selectors?: readonly string[] | undefined;
  within?: Within | undefined;
};

/** The series that any of some selectors name, each once. @throws QueryError bad_data */
async function seriesOf(db: Database, { hosts, selectors = [], within }: Listing): Promise<LabelledSeries[]> {
  const found = new Map<string, LabelledSeries>();
  for (const matchers of selectors.map(parseSelector))
    for (const series of await findLabelled(db, hosts, matchers)) found.set(series.labels.key, series);
  const all = [...found.values()];
  if (!within || all.length === 0) return all;
  const sources = new Set(await sourcesWithin(db, [...new Set(all.map(({ stored }) => stored.hostId))], within));
  return all.filter(({ stored }) => sources.has(stored.sourceId));
}

const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].filter(Boolean).sort();

/** The label sets of the series that selectors name. @throws QueryError bad_data */
export async function listLabelSets(db: Database, listing: Listing): Promise<Record<string, string>[]> {
  if (!listing.selectors?.length) throw new QueryError("bad_data", "no match[] parameter provided");
  return (await seriesOf(db, listing)).map(({ labels }) => labels.toRecord());
}

/** The hosts, and the sources where only those within a time count. */
async function extentOf(db: Database, { hosts, within }: Listing): Promise<SeriesExtent> {
  const hostIds = hosts.map(({ id }) => id);
  return { hostIds, sources: within && (await sourcesWithin(db, hostIds, within)) };
}

/** The labels of the hosts that have series. */
async function labelsOfHosts(
  db: Database,
  hosts: readonly ReadableHost[],
  extent: SeriesExtent,
): Promise<Record<string, string>[]> {
  const present = new Set(await hostsWithSeries(db, extent));
  return [...hostLabels(hosts)].filter(([id]) => present.has(id)).map(([, labels]) => labels);
}

/** The names of the labels of series. @throws QueryError bad_data */
export async function listLabelNames(db: Database, listing: Listing): Promise<string[]> {
  if (listing.selectors?.length) {
    const series = await seriesOf(db, listing);
    return sorted(series.flatMap(({ labels }) => labels.pairs.map(([name]) => name)));
  }
  const extent = await extentOf(db, listing);
  const ofHosts = await labelsOfHosts(db, listing.hosts, extent);
  if (ofHosts.length === 0) return [];
  const shared = Object.assign({}, ...ofHosts) as Record<string, string>;
  const own = (await listLabelNamesOfHosts(db, extent)).map((name) => ownLabel(name, shared));
  return sorted([METRIC_NAME, ...Object.keys(shared), ...own]);
}

/** The values that a label has. @throws QueryError bad_data */
export async function listLabelValues(db: Database, name: string, listing: Listing): Promise<string[]> {
  if (!isLabelName(name)) throw new QueryError("bad_data", `invalid label name: ${JSON.stringify(name)}`);
  if (listing.selectors?.length) return sorted((await seriesOf(db, listing)).map(({ labels }) => labels.get(name)));
  const extent = await extentOf(db, listing);
  if (name === METRIC_NAME)
    return sorted((await listMetricsOfHosts(db, extent)).map(({ metric }) => legalMetric(metric)));
  const ofHosts = await labelsOfHosts(db, listing.hosts, extent);
  const shared = Object.assign({}, ...ofHosts) as Record<string, string>;
  const like = likeLegal(name.replace(/^exported_/, ""));
  const own = await Promise.all(
    [...new Set([likeLegal(name), like])].map((l) => listLabelValuesOfHosts(db, extent, l)),
  );
  return sorted([
    ...ofHosts.map((labels) => labels[name] ?? ""),
    ...own.flat().flatMap((label) => (ownLabel(label.name, shared) === name ? [label.value] : [])),
  ]);
}

type Metadata = { type: string; help: string; unit: string };

/** What metrics are, by name; at most `limit` of them. */
export async function listMetadata(
  db: Database,
  hosts: readonly ReadableHost[],
  { metric, limit = Number.POSITIVE_INFINITY }: { metric?: string | undefined; limit?: number | undefined },
): Promise<Record<string, Metadata[]>> {
  const all = (await listMetricsOfHosts(db, await extentOf(db, { hosts }))).map((own) => ({
    ...own,
    metric: legalMetric(own.metric),
  }));
  const named = Map.groupBy(
    all.filter((own) => metric === undefined || own.metric === metric),
    (own) => own.metric,
  );
  return Object.fromEntries(
    [...named]
      .slice(0, limit)
      .map(([name, described]) => [name, described.map(({ kind: type, help, unit }) => ({ type, help, unit }))]),
  );
}
