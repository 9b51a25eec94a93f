import { INPUT_KINDS } from "#lib/contract/input-names.ts";
import type { Database } from "#lib/db/client.ts";
import { assertHosts, readableHosts, retiredHostIds } from "#lib/hosts/hosts.ts";
import { INTEGRATIONS } from "#lib/integrations/definitions/index.ts";
import { countMetricsOfSources, lastSeenOf } from "#lib/tsdb/catalog.ts";

/** What is received of a program: how many series, by which inputs, and when last. */
export type IntegrationState = {
  id: string;
  title: string;
  series: number;
  hosts: { id: number; name: string }[];
  lastSeenAt: Date | null;
};

/**
 * How each integration fares at `now` (ms), of all inputs that are there or of one, by the names of its own metrics: what Sightline measures itself
 * does not count. @throws DomainError validation for a host that there is not
 */
export async function readIntegrationStates(
  db: Database,
  { host }: { host?: number | undefined },
  now = Date.now(),
): Promise<IntegrationState[]> {
  if (host !== undefined) await assertHosts(db, [host], "host");
  const retired = new Set(await retiredHostIds(db));
  const hosts = (await readableHosts(db)).filter(({ id }) => (host === undefined ? !retired.has(id) : id === host));
  const hostIds = hosts.map(({ id }) => id);
  const counts = await countMetricsOfSources(db, hostIds, INPUT_KINDS);
  const matched = INTEGRATIONS.map((integration) => ({
    integration,
    own: counts.filter(({ metric }) => integration.metrics.test(metric)),
  }));
  const names = new Set(matched.flatMap(({ own }) => own.map(({ metric }) => metric)));
  const having = new Set(matched.flatMap(({ own }) => own.map(({ hostId }) => hostId)));
  const seen = await lastSeenOf(db, [...having], [...names], now);
  return matched.map(({ integration: { id, title }, own }) => {
    const ids = new Set(own.map(({ hostId }) => hostId));
    const newest = own.reduce((latest, { metric }) => Math.max(latest, seen.get(metric)?.getTime() ?? 0), 0);
    return {
      ...{ id, title },
      series: own.reduce((sum, { series }) => sum + series, 0),
      hosts: hosts.filter((each) => ids.has(each.id)),
      lastSeenAt: newest === 0 ? null : new Date(newest),
    };
  });
}
