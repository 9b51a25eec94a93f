import type { z } from "zod";
import type { databaseServer } from "#lib/contract/database-rows.ts";
import { SEVERITIES, type ServerState } from "#lib/contract/enums.ts";
import type { Address } from "#lib/databases/server/connection.ts";
import { findServer } from "#lib/databases/store/servers.ts";
import { readSnapshots, type Snapshots } from "#lib/databases/store/snapshots.ts";
import type { Connection } from "#lib/db/client.ts";
import type { DatabaseServer } from "#lib/db/generated/client.ts";
import { hostNames } from "#lib/hosts/hosts.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** A server with its state. */
export type ServerInfo = z.output<typeof databaseServer>;

const SHOWN = ["availability", "identity", "totals", "pooler", "summary"] as const;
/** Samples are written down once a minute: after three of them nobody reads it. */
const SILENT_MS = 3 * MINUTE_MS + MINUTE_MS / 2;

function stateOf(server: DatabaseServer, { availability, summary }: Snapshots, now: number): ServerState {
  if (!server.enabled || !availability || now - availability.at > SILENT_MS) return "unknown";
  if (!availability.data.up) return "down";
  return SEVERITIES.findLast((level) => (summary?.data[level] ?? 0) > 0) ?? "ok";
}

const NOTHING_FOUND = { critical: 0, warning: 0, info: 0, worst: null };
const OWN_ADDRESS = { address: "", port: 0, database: "", user: "", tls: "off" } as const;

/** Of a server that does not answer that is what there is to say: what was found before is of before. */
function findingsOf({ availability, summary }: Snapshots) {
  if (availability && !availability.data.up) return { ...NOTHING_FOUND, critical: 1, worst: availability.data.reason };
  return summary?.data ?? NOTHING_FOUND;
}

function describe(
  server: DatabaseServer,
  host: string,
  { snapshots, now }: { snapshots: Snapshots; now: number },
): ServerInfo {
  const { id, hostId, name, kind, own, enabled, intervalS } = server;
  const { availability, identity, totals, pooler } = snapshots;
  const { address, port, database, user, tls } = own ? OWN_ADDRESS : (server.shown as Omit<Address, "password">);
  const { worst, ...findings } = findingsOf(snapshots);
  return {
    ...{ id, host: { id: hostId, name: host }, name, kind, own, enabled, intervalS, address, port, tls },
    database: database || (identity?.data.database ?? ""),
    user: user || (identity?.data.user ?? ""),
    state: stateOf(server, snapshots, now),
    reason: availability?.data.reason ?? null,
    since: availability?.data.since ? new Date(availability.data.since) : null,
    readAt: availability ? new Date(availability.at) : null,
    version: identity?.data.version.replace(/ \(.*/, "") ?? pooler?.data.version ?? null,
    responseMs: availability?.data.responseMs ?? null,
    connections: totals?.data.connections ?? null,
    maxConnections: totals?.data.maxConnections ?? null,
    ...{ findings, worst },
  };
}

async function describeAll(db: Connection, servers: DatabaseServer[], now: number): Promise<ServerInfo[]> {
  const ids = servers.map(({ id }) => id);
  const [snapshots, hosts] = await Promise.all([
    readSnapshots(db, ids, [...SHOWN]),
    hostNames(
      db,
      servers.map(({ hostId }) => hostId),
    ),
  ]);
  return servers.map((server) =>
    describe(server, hosts.get(server.hostId) ?? "", { snapshots: snapshots.get(server.id) ?? {}, now }),
  );
}

/** The watched servers at `now` (ms), the portal's own first, then by name; only those of a host where one is named. */
export async function listServers(db: Connection, hostId: number | undefined, now: number): Promise<ServerInfo[]> {
  const where = hostId === undefined ? {} : { hostId };
  const rows = await db.databaseServer.findMany({ where, orderBy: [{ own: "desc" }, { name: "asc" }, { id: "asc" }] });
  return describeAll(db, rows, now);
}

/** A server with its state at `now` (ms). @throws DomainError not-found */
export async function readServer(db: Connection, id: number, now: number): Promise<ServerInfo> {
  const [info] = await describeAll(db, [await findServer(db, id)], now);
  return info as ServerInfo;
}
