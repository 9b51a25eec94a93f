import { findServer } from "#lib/databases/store/servers.ts";
import type { Connection } from "#lib/db/client.ts";
import { isOfHost } from "#lib/metrics/frame.ts";
import { listSeries, type SeriesInfo } from "#lib/tsdb/catalog.ts";

const GROUPS = ["PostgreSQL", "PgBouncer"];

/** The series of a server and the host that they are stored under. Those of the portal's own database bear no name. @throws DomainError not-found */
export async function listServerSeries(db: Connection, id: number): Promise<{ hostId: number; series: SeriesInfo[] }> {
  const { hostId, name, own } = await findServer(db, id);
  const all = (await listSeries(db, hostId)).filter(({ group }) => GROUPS.includes(group));
  return { hostId, series: all.filter(({ labels }) => (own ? isOfHost(labels) : labels.server === name)) };
}
