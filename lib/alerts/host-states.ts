import { listOngoingSeverities } from "#lib/anomalies/count-anomalies.ts";
import { SEVERITIES, type Severity } from "#lib/contract/enums.ts";
import type { HostState } from "#lib/contract/hosts.ts";
import type { Connection } from "#lib/db/client.ts";
import { type HostInfo, isSilent, listHosts, readHost, signOfLife } from "#lib/hosts/hosts.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { newestGauges } from "#lib/tsdb/catalog.ts";
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

/** Hosts with their state at `now` (ms): no data while it is silent, else as grave as what is wrong on it. */
async function withStates(db: Connection, reading: Promise<HostInfo[]>, now: number): Promise<HostWithState[]> {
  const [hosts, worst, intervals] = await Promise.all([reading, worstByHost(db), readShortestIntervals(db, now)]);
  return hosts.map((host) => {
    const [own, interval] = [worst.get(host.id) ?? null, intervals.get(host.id)];
    const silent = isSilent(signOfLife(host, interval === undefined ? [] : [interval]), now);
    return { ...host, worst: own, state: silent ? "no_data" : own === null || own === "info" ? "ok" : own };
  });
}

/** All hosts that are watched, or all that were retired, by name, each with its state at `now` (ms). */
export const listHostsWithState = (
  db: Connection,
  now = Date.now(),
  which: { retired?: boolean } = {},
): Promise<HostWithState[]> => withStates(db, listHosts(db, now, which), now);

/** A host, watched or retired, with its state at `now` (ms). @throws DomainError not-found */
export async function readHostWithState(db: Connection, id: number, now = Date.now()): Promise<HostWithState> {
  const reading = readHost(db, id, now).then((host) => [host]);
  const [host] = await withStates(db, reading, now);
  return host as HostWithState;
}

/**
 * A host with the figures by which a list of many is sorted; null where they are not known. Percent, of the fullest disk, and ms: the slowest answer of what
 * is asked from the host, its databases and checks.
 */
export type HostWithFigures = HostWithState & Record<"cpu" | "memory" | "disk" | "response", number | null>;

const FIGURES = {
  cpu: ["cpu.usage"],
  memory: ["memory.usage"],
  disk: ["disk.usage"],
  response: ["postgres.response", "pgbouncer.response", "check.duration"],
};
const FRESH_MS = 5 * MINUTE_MS;

/** As listHostsWithState, with the newest figures of each. */
export async function listHostsWithFigures(
  db: Connection,
  which: { retired?: boolean },
  now = Date.now(),
): Promise<HostWithFigures[]> {
  const [hosts, values] = await Promise.all([
    listHostsWithState(db, now, which),
    newestGauges(db, Object.values(FIGURES).flat(), now, FRESH_MS),
  ]);
  return hosts.map((host) => {
    const own = values.get(host.id);
    const figure = (name: keyof typeof FIGURES): number | null => {
      const newest = FIGURES[name].flatMap((metric) => own?.get(metric) ?? []);
      return newest.length > 0 ? Math.max(...newest) : null;
    };
    return {
      ...host,
      ...{ cpu: figure("cpu"), memory: figure("memory"), disk: figure("disk"), response: figure("response") },
    };
  });
}
