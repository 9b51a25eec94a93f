import type { Reader } from "#lib/db/reading.ts";
import { LabelSet, METRIC_NAME } from "#lib/promql/series/labels.ts";
import { type Matcher, matchesAll } from "#lib/promql/series/matcher.ts";
import { legalLabel, legalMetric, likeLegal } from "#lib/promql/store/names.ts";
import { type HostSeries, listSeriesOfHosts } from "#lib/tsdb/catalog.ts";

/** A host whose series may be read. */
export type ReadableHost = { id: number; name: string };

/** A stored series under the labels that PromQL sees. */
export type LabelledSeries = { labels: LabelSet; stored: HostSeries };

/** The label that says of which host a series is. */
const HOST_LABEL = "host";
/** Tells hosts of one name apart; there only where two have it. */
const HOST_ID_LABEL = "host_id";

/** Given by the portal, also where no two hosts share a name: a sender cannot pass its series off as another host's. */
const RESERVED = [METRIC_NAME, HOST_LABEL, HOST_ID_LABEL];

/** The labels of each host: its name, and where another has that name its number. */
export function hostLabels(hosts: readonly ReadableHost[]): Map<number, Record<string, string>> {
  const byName = Map.groupBy(hosts, ({ name }) => name);
  return new Map(
    hosts.map(({ id, name }) => [
      id,
      { [HOST_LABEL]: name, ...((byName.get(name)?.length ?? 0) > 1 ? { [HOST_ID_LABEL]: String(id) } : {}) },
    ]),
  );
}

/** The name of a series' own label. One that the host has a label of goes on as exported_host, as Prometheus does it. */
export function ownLabel(name: string, host: Record<string, string>): string {
  const legal = legalLabel(name);
  return Object.hasOwn(host, legal) || RESERVED.includes(legal) ? `exported_${legal}` : legal;
}

/** A series' labels as PromQL sees them. */
function labelsOf({ metric, labels }: HostSeries, host: Record<string, string>): LabelSet {
  const own = Object.entries(labels).map(([name, value]) => [ownLabel(name, host), value]);
  return LabelSet.of({ ...Object.fromEntries(own), ...host, [METRIC_NAME]: legalMetric(metric) });
}

/** Whether a condition on the metric's name holds for the name here or for that in the store: both `cpu_usage` and `cpu.usage` find it. */
function matchesName(matcher: Matcher, metric: string): boolean {
  const names = [legalMetric(metric), metric];
  return matcher.operator.startsWith("!")
    ? names.every((name) => matcher.matches(name))
    : names.some((name) => matcher.matches(name));
}

/** The stored series of readable hosts that meet all conditions, by their labels. */
export async function findLabelled(
  db: Reader,
  hosts: readonly ReadableHost[],
  matchers: readonly Matcher[],
): Promise<LabelledSeries[]> {
  const byHost = hostLabels(hosts);
  const ofHost = matchers.filter(({ name }) => name === HOST_LABEL || name === HOST_ID_LABEL);
  const wanted = [...byHost].filter(([, labels]) => matchesAll(ofHost, LabelSet.of(labels))).map(([id]) => id);
  const ofName = matchers.filter(({ name }) => name === METRIC_NAME);
  const others = matchers.filter(({ name }) => name !== METRIC_NAME);
  const exact = ofName.find(({ operator }) => operator === "=");
  const stored = await listSeriesOfHosts(db, wanted, exact ? likeLegal(legalMetric(exact.value)) : "%");
  return stored
    .filter(({ metric }) => ofName.every((matcher) => matchesName(matcher, metric)))
    .map((series) => ({ stored: series, labels: labelsOf(series, byHost.get(series.hostId) ?? {}) }))
    .filter(({ labels }) => matchesAll(others, labels));
}
