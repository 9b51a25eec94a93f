import type { MetricKind } from "#lib/contract/enums.ts";

/** Whether the numbers are totals, which are shown as a rate per second. */
export const isCumulative = (kind: MetricKind): boolean => kind !== "gauge";

/**
 * The unit as stored: percent, bytes, count, seconds, ms, celsius and load are scaled where they are shown. Others are kept as their source writes them (UCUM, as OpenTelemetry has it) and shown behind the figure:
 * an enumeration would refuse what a team already measures. A total is shown as a rate: its unit per second.
 */
export type Unit = string;

export type MetricGroup =
  | "CPU"
  | "Memory"
  | "File systems"
  | "Disk I/O"
  | "Network"
  | "Processes"
  | "Containers"
  | "Services"
  | "System"
  | "PostgreSQL"
  | "Checks"
  | "PgBouncer"
  | "Sightline"
  | "Other";

export type MetricInfo = { unit: Unit; kind: MetricKind; group: MetricGroup; help: string };

const gauge = (group: MetricGroup, unit: Unit, help: string): MetricInfo => ({
  unit,
  kind: "gauge",
  group,
  help,
});
const counter = (group: MetricGroup, unit: Unit, help: string): MetricInfo => ({
  unit,
  kind: "counter",
  group,
  help,
});

/** Every metric that Sightline itself collects. Labels stand in the help text where a metric has them. */
export const CATALOGUE = {
  "cpu.usage": gauge("CPU", "percent", "Time not idle, of all cores together"),
  "cpu.user": gauge("CPU", "percent", "Time in user space, nice included"),
  "cpu.system": gauge("CPU", "percent", "Time in the kernel, interrupts included"),
  "cpu.iowait": gauge("CPU", "percent", "Idle time with a disk request outstanding"),
  "cpu.steal": gauge("CPU", "percent", "Time that the hypervisor gave to others"),
  "cpu.core.usage": gauge("CPU", "percent", "Time not idle of one core (core)"),
  "load.1m": gauge("CPU", "load", "Processes running or waiting, averaged over 1 minute"),
  "load.5m": gauge("CPU", "load", "Processes running or waiting, averaged over 5 minutes"),
  "load.15m": gauge("CPU", "load", "Processes running or waiting, averaged over 15 minutes"),
  "memory.usage": gauge("Memory", "percent", "Memory that is not available, of the total"),
  "memory.total": gauge("Memory", "bytes", "Physical memory"),
  "memory.used": gauge("Memory", "bytes", "Total less available"),
  "memory.available": gauge("Memory", "bytes", "What programs can get without swapping"),
  "memory.cached": gauge("Memory", "bytes", "Page cache and reclaimable slabs"),
  "swap.total": gauge("Memory", "bytes", "Swap space"),
  "swap.used": gauge("Memory", "bytes", "Swap in use"),
  "disk.usage": gauge("File systems", "percent", "Space used, of what an ordinary user can have (mount)"),
  "disk.total": gauge("File systems", "bytes", "Size of the file system (mount)"),
  "disk.used": gauge("File systems", "bytes", "Space used (mount)"),
  "disk.available": gauge("File systems", "bytes", "Space left to an ordinary user (mount)"),
  "disk.inodes.usage": gauge("File systems", "percent", "Inodes used (mount)"),
  "disk.read.bytes": counter("Disk I/O", "bytes", "Bytes read (device)"),
  "disk.write.bytes": counter("Disk I/O", "bytes", "Bytes written (device)"),
  "disk.read.operations": counter("Disk I/O", "count", "Reads completed (device)"),
  "disk.write.operations": counter("Disk I/O", "count", "Writes completed (device)"),
  "disk.busy": gauge("Disk I/O", "percent", "Time with a request in flight (device)"),
  "network.receive.bytes": counter("Network", "bytes", "Bytes received (interface)"),
  "network.transmit.bytes": counter("Network", "bytes", "Bytes sent (interface)"),
  "network.receive.packets": counter("Network", "count", "Packets received (interface)"),
  "network.transmit.packets": counter("Network", "count", "Packets sent (interface)"),
  "network.receive.errors": counter("Network", "count", "Faulty packets received (interface)"),
  "network.transmit.errors": counter("Network", "count", "Packets that failed to send (interface)"),
  "network.receive.drops": counter("Network", "count", "Packets dropped on receipt (interface)"),
  "network.transmit.drops": counter("Network", "count", "Packets dropped before sending (interface)"),
  "process.count": gauge("Processes", "count", "Processes, threads not counted"),
  "process.state": gauge(
    "Processes",
    "count",
    "Processes by state: running, sleeping, blocked, stopped, zombie, idle (state)",
  ),
  "container.cpu": gauge("Containers", "percent", "CPU time used, of one core (container)"),
  "container.cpu.throttled": gauge("Containers", "percent", "Time held back by its CPU quota (container)"),
  "container.memory": gauge("Containers", "bytes", "Memory used, without page cache that can go at once (container)"),
  "container.read.bytes": counter("Containers", "bytes", "Bytes read from storage (container)"),
  "container.write.bytes": counter("Containers", "bytes", "Bytes written to storage (container)"),
  "container.processes": gauge("Containers", "count", "Processes and threads (container)"),
  "unit.failed": gauge("Services", "count", "1 while a service of systemd is failed (unit)"),
  "unit.restarts": counter("Services", "count", "Times that systemd restarted a service by itself (unit)"),
  "unit.failed.count": gauge("Services", "count", "Services of systemd that are failed"),
  "system.uptime": gauge("System", "seconds", "Time since the machine started"),
  "system.temperature": gauge("System", "celsius", "Temperature (sensor)"),
  "certificate.expires": gauge("System", "seconds", "Time until a certificate expires (certificate)"),
  "postgres.response": gauge("PostgreSQL", "ms", "Round trip of an empty query"),
  "postgres.connections": gauge("PostgreSQL", "count", "Client connections"),
  "postgres.connections.active": gauge("PostgreSQL", "count", "Connections that run a query now"),
  "postgres.connections.usage": gauge("PostgreSQL", "percent", "Connections, of max_connections"),
  "postgres.commits": counter("PostgreSQL", "count", "Transactions committed"),
  "postgres.rollbacks": counter("PostgreSQL", "count", "Transactions rolled back"),
  "postgres.blocks.hit": counter("PostgreSQL", "count", "Blocks found in shared buffers"),
  "postgres.blocks.read": counter("PostgreSQL", "count", "Blocks read from the system"),
  "postgres.deadlocks": counter("PostgreSQL", "count", "Deadlocks"),
  "postgres.wraparound": gauge("PostgreSQL", "percent", "Age of the oldest transaction id, of what ends all writing"),
  "postgres.size": gauge("PostgreSQL", "bytes", "Size of the database"),
  "check.up": gauge("Checks", "count", "1 where the check succeeded, 0 where it failed (check)"),
  "check.duration": gauge("Checks", "ms", "How long a check that succeeded took (check)"),
  "check.phase": gauge("Checks", "ms", "How long a stage took: dns, connect, tls, first_byte, transfer (check, phase)"),
  "check.status": gauge("Checks", "count", "HTTP status (check)"),
  "check.certificate.expires": gauge("Checks", "seconds", "Time until the certificate expires (check)"),
  "check.failure": gauge("Checks", "count", "1 while the check fails for this reason (check, reason)"),
  "postgres.up": gauge("PostgreSQL", "count", "1 while the server answers, 0 while it does not (server)"),
  "postgres.connections.state": gauge("PostgreSQL", "count", "Client connections by state (state)"),
  "postgres.locks.waiting": gauge("PostgreSQL", "count", "Sessions that wait for a lock"),
  "postgres.transaction.longest": gauge("PostgreSQL", "seconds", "Age of the oldest open transaction"),
  "postgres.transaction.idle": gauge("PostgreSQL", "seconds", "Longest time that a transaction is idle"),
  "postgres.tuples": counter("PostgreSQL", "count", "Rows returned, fetched, inserted, updated, deleted (operation)"),
  "postgres.temp.bytes": counter("PostgreSQL", "bytes", "Written to temporary files by queries"),
  "postgres.wal.bytes": counter("PostgreSQL", "bytes", "Write-ahead log written, or received by a standby"),
  "postgres.checkpoints": counter("PostgreSQL", "count", "Checkpoints by cause: timed or requested (cause)"),
  "postgres.io.bytes": counter("PostgreSQL", "bytes", "Data files read and written, by pg_stat_io (operation)"),
  "postgres.replication.lag": gauge("PostgreSQL", "seconds", "Time until a standby has replayed a change (standby)"),
  "postgres.replication.lag.bytes": gauge(
    "PostgreSQL",
    "bytes",
    "Write-ahead log that a standby has not replayed (standby)",
  ),
  "postgres.slot.retained": gauge("PostgreSQL", "bytes", "Write-ahead log that a replication slot keeps (slot)"),
  "postgres.database.size": gauge("PostgreSQL", "bytes", "Size of each database (database)"),
  "postgres.table.dead": gauge("PostgreSQL", "count", "Dead rows of the ten tables with most (database, table)"),
  "pgbouncer.up": gauge("PgBouncer", "count", "1 while PgBouncer answers, 0 while it does not (server)"),
  "pgbouncer.response": gauge("PgBouncer", "ms", "Round trip to PgBouncer's console"),
  "pgbouncer.clients": gauge("PgBouncer", "count", "Client connections by state: active, waiting (database, state)"),
  "pgbouncer.servers": gauge("PgBouncer", "count", "Server connections by state: active, idle, used (database, state)"),
  "pgbouncer.wait": gauge("PgBouncer", "seconds", "How long the first client in the queue has waited (database)"),
  "pgbouncer.queries": counter("PgBouncer", "count", "Queries (database)"),
  "pgbouncer.transactions": counter("PgBouncer", "count", "Transactions (database)"),
  "pgbouncer.bytes": counter("PgBouncer", "bytes", "Bytes received and sent (database, direction)"),
  "collector.cycle": gauge("Sightline", "ms", "Time that one collection took"),
  "collector.lag": gauge("Sightline", "ms", "How late the collection began"),
  "collector.missed": counter("Sightline", "count", "Cycles that the running process failed to begin in time"),
  "collector.failures": counter("Sightline", "count", "Sensor readings that failed or timed out (sensor)"),
  "collector.cpu": gauge("Sightline", "percent", "CPU of the collecting process, of one core"),
  "collector.memory.resident": gauge("Sightline", "bytes", "Resident memory of the collecting process"),
  "collector.memory.private": gauge("Sightline", "bytes", "Memory that the collecting process alone uses"),
  "spool.frames": gauge("Sightline", "count", "Frames that wait on disk for the database"),
  "spool.dropped": counter("Sightline", "count", "Frames dropped because the spool was full"),
  "spool.refused": counter("Sightline", "count", "Frames set aside because they can never be stored"),
  "spool.lost": counter("Sightline", "count", "Frames lost: neither database nor disk took them, and memory was full"),
} as const satisfies Record<string, MetricInfo>;

export type MetricName = keyof typeof CATALOGUE;

function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(CATALOGUE, name);
}

/**
 * What a reading is where it does not say so itself: by the catalogue, else a plain gauge. Only the registry of series asks, when it first
 * sees one; everybody else reads what stands on the series.
 */
export function metricInfo(name: string): MetricInfo {
  return isMetricName(name) ? CATALOGUE[name] : gauge("Other", "count", "");
}
