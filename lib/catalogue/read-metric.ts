import { type CatalogueMetric, describeFamily, storedNames } from "#lib/catalogue/list-metrics.ts";
import { suggestPanel } from "#lib/catalogue/suggest-panel.ts";
import type { MetricKind } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { hostLabels, ownLabel } from "#lib/promql/store/catalog.ts";
import { countByHost, countLabels, type LabelCounts, lastSeenOf, readFamily } from "#lib/tsdb/catalog.ts";

const MOST_HOSTS = 20;

/** A metric with its labels as PromQL has them, the hosts that have it, and what to chart of it. */
export type MetricDetails = CatalogueMetric & {
  labels: LabelCounts[];
  hostSeries: { host: { id: number; name: string }; series: number }[];
  panel: { expression: string; unit: string; rate: boolean };
};

/** A metric of the catalogue at `now` (ms). @throws DomainError not-found */
export async function readMetric(
  db: Database,
  { name, kind }: { name: string; kind: MetricKind },
  now = Date.now(),
): Promise<MetricDetails> {
  const hosts = new Map((await readableHosts(db)).map((host) => [host.id, host.name]));
  const hostIds = [...hosts.keys()];
  const stored = storedNames({ name, kind });
  const family = await readFamily(db, hostIds, { name, kind, stored });
  if (!family)
    throw new DomainError("not-found", `There is no ${kind} ${name}: GET /api/v1/catalogue lists the metrics`);
  const [labels, counts, seen] = await Promise.all([
    countLabels(db, hostIds, stored),
    countByHost(db, hostIds, stored),
    lastSeenOf(db, hostIds, stored, now),
  ]);
  const metric = describeFamily(family, hosts, seen);
  const shared = Object.assign({}, ...hostLabels([...hosts].map(([id, host]) => ({ id, name: host }))).values());
  return {
    ...metric,
    labels: labels.map((label) => ({ ...label, name: ownLabel(label.name, shared) })),
    hostSeries: counts
      .slice(0, MOST_HOSTS)
      .map(({ hostId, series }) => ({ host: { id: hostId, name: hosts.get(hostId) ?? "" }, series })),
    panel: suggestPanel(metric),
  };
}
