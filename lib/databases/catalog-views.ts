import type { z } from "zod";
import type { replicationView, settingsView, tablesView } from "#lib/contract/database-rows.ts";
import { findServer, keyOf } from "#lib/databases/store/servers.ts";
import { listSettingChanges } from "#lib/databases/store/setting-changes.ts";
import { type PartName, readSnapshots, type Snapshots } from "#lib/databases/store/snapshots.ts";
import type { Connection } from "#lib/db/client.ts";

async function snapshotsOf(db: Connection, id: number, parts: PartName[]): Promise<Snapshots> {
  const { id: serverId } = await findServer(db, id);
  return (await readSnapshots(db, [serverId], parts)).get(serverId) ?? {};
}

const instantOf = (snapshot: { at: number } | undefined): Date | null => (snapshot ? new Date(snapshot.at) : null);

/** The largest tables and indexes of a server, and what could not be read of them. @throws DomainError not-found */
export async function readTablesView(db: Connection, id: number): Promise<z.output<typeof tablesView>> {
  const { tables, indexes, availability } = await snapshotsOf(db, id, ["tables", "indexes", "availability"]);
  const failures = availability?.data.failures ?? [];
  return {
    ...{ tablesAt: instantOf(tables), indexesAt: instantOf(indexes) },
    ...{ tables: tables?.data ?? [], indexes: indexes?.data ?? [] },
    failures: failures.filter(({ part }) => part === "tables" || part === "indexes"),
  };
}

/** Standbys and slots of a server. @throws DomainError not-found */
export async function readReplicationView(db: Connection, id: number): Promise<z.output<typeof replicationView>> {
  const { replication, identity } = await snapshotsOf(db, id, ["replication", "identity"]);
  const { standbys = [], slots = [] } = replication?.data ?? {};
  return { at: instantOf(replication), inRecovery: identity?.data.inRecovery ?? false, standbys, slots };
}

/** Settings of a server and their changes. @throws DomainError not-found */
export async function readSettingsView(db: Connection, id: number): Promise<z.output<typeof settingsView>> {
  const { settings } = await snapshotsOf(db, id, ["settings"]);
  const changes = await listSettingChanges(db, keyOf(await findServer(db, id)));
  return { at: instantOf(settings), settings: settings?.data ?? [], changes };
}
