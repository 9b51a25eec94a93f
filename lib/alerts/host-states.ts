import { listOngoingSeverities } from "#lib/anomalies/count-anomalies.ts";
import { SEVERITIES, type Severity } from "#lib/contract/enums.ts";
import type { HostState } from "#lib/contract/hosts.ts";
import type { Connection } from "#lib/db/client.ts";
import { type HostInfo, isSilent, listHosts, signOfLife } from "#lib/hosts/hosts.ts";
import { readShortestIntervals } from "#lib/tsdb/query.ts";

/** A host with its state, and how grave what goes on there is at most: an alert that fires, or an anomaly. */
export type HostWithState = HostInfo & { state: HostState; worst: Severity | null };

async function worstByHost(db: Connection): Promise<Map<number, Severity>> {
  const [firing, unusual] = await Promise.all([
    db.alert.groupBy({ by: ["hostId", "severity"], where: { state: "firing" } }),
    listOngoingSeverities(db),
  ]);
  const inOrder = [...firing, ...unusual].sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
  return new Map(inOrder.map(({ hostId, severity }) => [hostId, severity]));
}

/** All hosts by name, each with its state at `now` (ms): no data while it is silent, else as grave as what is wrong on it. */
export async function listHostsWithState(db: Connection, now = Date.now()): Promise<HostWithState[]> {
  const [hosts, worst, intervals] = await Promise.all([
    listHosts(db, now),
    worstByHost(db),
    readShortestIntervals(db, now),
  ]);
  return hosts.map((host) => {
    const [own, interval] = [worst.get(host.id) ?? null, intervals.get(host.id)];
    const silent = isSilent(signOfLife(host, interval === undefined ? [] : [interval]), now);
    return { ...host, worst: own, state: silent ? "no_data" : own === null || own === "info" ? "ok" : own };
  });
}
