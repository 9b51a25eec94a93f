import type { HostInfo } from "#lib/hosts/hosts.ts";
import { type Field, listTable, oneBatch } from "#lib/tables/list-table.ts";
import type { Table } from "#lib/tables/table.ts";

const HOST: Field<HostInfo>[] = [
  ["id", "Id", "number", (host) => host.id],
  ["name", "Host", "text", (host) => host.name],
  ...["os", "kernel", "cpu", "cores"].map(
    (key): Field<HostInfo> => [key, key === "os" ? "System" : key, "text", (host) => String(host.system[key] ?? "")],
  ),
  ["first_seen_at", "First seen", "time", (host) => host.firstSeenAt],
  ["last_sample_at", "Newest sample", "time", (host) => host.lastSampleAt],
];

/** All hosts, one a row. */
export const hostsTable = (hosts: HostInfo[]): Table => listTable("Hosts", HOST, oneBatch(hosts));
