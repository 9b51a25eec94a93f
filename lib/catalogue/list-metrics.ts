import { kindsOf, sourcesOf } from "#lib/catalogue/sources.ts";
import type { MetricKind, MetricSort, MetricSource } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { assertHosts, readableHosts } from "#lib/hosts/hosts.ts";
import { CATALOGUE, type MetricName } from "#lib/metrics/catalogue.ts";
import { semanticName } from "#lib/metrics/semantic-names.ts";
import { metricTitle } from "#lib/metrics/titles.ts";
import { legalMetric } from "#lib/promql/store/names.ts";
import { lastSeenOf, listFamilies, type MetricFamily } from "#lib/tsdb/catalog.ts";

export type CatalogueQuery = {
  host?: number | undefined;
  search: string;
  source?: MetricSource | undefined;
  kind?: MetricKind | undefined;
  sort: MetricSort;
  order: "asc" | "desc";
  limit: number;
  offset: number;
};

/** A metric as the catalogue has it; `host` where it is on one host only. */
export type CatalogueMetric = {
  name: string;
  title: string | null;
  promql: string;
  semanticName: string | null;
  kind: MetricKind;
  unit: string;
  help: string;
  sources: MetricSource[];
  series: number;
  hosts: number;
  host: { id: number; name: string } | null;
  lastSeenAt: Date | null;
};

const PARTS = ["_count", "_bucket", "_sum"];

/** The names under which a metric is stored: a histogram in parts. */
export const storedNames = ({ name, kind }: { name: string; kind: MetricKind }): string[] =>
  kind === "histogram" ? PARTS.map((part) => name + part) : [name];

const isOurs = (name: string): name is MetricName => Object.hasOwn(CATALOGUE, name);

/** Our own metrics whose title or OpenTelemetry name has a text, which is in lower case. */
const namedLike = (search: string): string[] =>
  search === ""
    ? []
    : Object.keys(CATALOGUE).filter((name) =>
        `${metricTitle(name)} ${semanticName(name) ?? ""}`.toLowerCase().includes(search),
      );

/** A family as the catalogue has it. */
export function describeFamily(
  family: MetricFamily,
  hosts: ReadonlyMap<number, string>,
  lastSeen: ReadonlyMap<string, Date>,
): CatalogueMetric {
  const { name, kind, unit, help, series, hostId } = family;
  const seen = storedNames(family).flatMap((stored) => lastSeen.get(stored) ?? []);
  return {
    ...{ name, kind, unit, help, series, hosts: family.hosts },
    title: isOurs(name) ? metricTitle(name) : null,
    promql: legalMetric(kind === "histogram" ? `${name}_bucket` : name),
    semanticName: semanticName(name) ?? null,
    sources: sourcesOf(family.sources),
    host: family.hosts === 1 ? { id: hostId, name: hosts.get(hostId) ?? "" } : null,
    lastSeenAt: seen.reduce<Date | null>((newest, at) => (newest && newest > at ? newest : at), null),
  };
}

/** A page of the metrics that there are series of, at `now` (ms). @throws DomainError validation for a host that there is not */
export async function listCatalogue(
  db: Database,
  { host, source, order, ...query }: CatalogueQuery,
  now = Date.now(),
): Promise<{ total: number; metrics: CatalogueMetric[] }> {
  if (host !== undefined) await assertHosts(db, [host], "host");
  const hosts = new Map((await readableHosts(db)).map(({ id, name }) => [id, name]));
  const hostIds = host === undefined ? [...hosts.keys()] : [host];
  const search = query.search.trim().toLowerCase();
  const { total, families } = await listFamilies(db, {
    ...{ ...query, hostIds, search, kind: query.kind, names: namedLike(search), descending: order === "desc" },
    ...{ sourceKinds: undefined, ...kindsOf(source) },
  });
  const seen = await lastSeenOf(db, hostIds, families.flatMap(storedNames), now);
  return { total, metrics: families.map((family) => describeFamily(family, hosts, seen)) };
}
