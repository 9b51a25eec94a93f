import type { MetricName } from "#lib/metrics/catalogue.ts";
import { type Labels, seriesName } from "#lib/metrics/frame.ts";

const TITLES: Record<MetricName | "host.no_data", string> = {
  "host.no_data": "No data",
  "cpu.usage": "CPU usage",
  "cpu.user": "CPU user",
  "cpu.system": "CPU system",
  "cpu.iowait": "CPU I/O wait",
  "cpu.steal": "CPU steal",
  "cpu.core.usage": "Core usage",
  "load.1m": "Load, 1 min",
  "load.5m": "Load, 5 min",
  "load.15m": "Load, 15 min",
  "memory.usage": "Memory usage",
  "memory.total": "Memory total",
  "memory.used": "Memory used",
  "memory.available": "Memory available",
  "memory.cached": "Memory cached",
  "swap.total": "Swap total",
  "swap.used": "Swap used",
  "disk.usage": "Disk usage",
  "disk.total": "Disk size",
  "disk.used": "Disk used",
  "disk.available": "Disk available",
  "disk.inodes.usage": "Inode usage",
  "disk.read.bytes": "Disk read",
  "disk.write.bytes": "Disk write",
  "disk.read.operations": "Disk read operations",
  "disk.write.operations": "Disk write operations",
  "disk.busy": "Disk busy",
  "network.receive.bytes": "Network in",
  "network.transmit.bytes": "Network out",
  "network.receive.packets": "Packets in",
  "network.transmit.packets": "Packets out",
  "network.receive.errors": "Receive errors",
  "network.transmit.errors": "Transmit errors",
  "network.receive.drops": "Receive drops",
  "network.transmit.drops": "Transmit drops",
  "process.count": "Processes",
  "process.state": "Processes",
  "container.cpu": "Container CPU",
  "container.cpu.throttled": "Held back by CPU quota",
  "container.memory": "Container memory",
  "container.read.bytes": "Container disk read",
  "container.write.bytes": "Container disk write",
  "container.processes": "Container processes",
  "unit.failed": "Service failed",
  "unit.restarts": "Service restarts",
  "unit.failed.count": "Failed services",
  "system.uptime": "Uptime",
  "system.temperature": "Temperature",
  "certificate.expires": "Certificate expires in",
  "postgres.response": "Database response time",
  "postgres.connections": "Database connections",
  "postgres.connections.active": "Active database connections",
  "postgres.connections.usage": "Database connection usage",
  "postgres.commits": "Commits",
  "postgres.rollbacks": "Rollbacks",
  "postgres.blocks.hit": "Blocks found in cache",
  "postgres.blocks.read": "Blocks read from disk",
  "postgres.deadlocks": "Deadlocks",
  "postgres.wraparound": "Transaction IDs used",
  "postgres.size": "Database size",
  "check.up": "Check succeeds",
  "check.duration": "Check duration",
  "check.phase": "Check stage",
  "check.status": "HTTP status",
  "check.certificate.expires": "Checked certificate expires in",
  "check.failure": "Check fails",
  "postgres.up": "Database server up",
  "postgres.connections.state": "Database connections",
  "postgres.locks.waiting": "Sessions waiting for a lock",
  "postgres.transaction.longest": "Longest transaction",
  "postgres.transaction.idle": "Longest idle transaction",
  "postgres.tuples": "Rows",
  "postgres.temp.bytes": "Temporary files",
  "postgres.wal.bytes": "WAL written",
  "postgres.checkpoints": "Checkpoints",
  "postgres.io.bytes": "Data file I/O",
  "postgres.replication.lag": "Replication lag",
  "postgres.replication.lag.bytes": "Replication lag in WAL",
  "postgres.slot.retained": "WAL kept by slot",
  "postgres.database.size": "Database size",
  "postgres.table.dead": "Dead rows",
  "pgbouncer.up": "PgBouncer up",
  "pgbouncer.response": "PgBouncer response time",
  "pgbouncer.clients": "PgBouncer clients",
  "pgbouncer.servers": "PgBouncer server connections",
  "pgbouncer.wait": "PgBouncer wait",
  "pgbouncer.queries": "PgBouncer queries",
  "pgbouncer.transactions": "PgBouncer transactions",
  "pgbouncer.bytes": "PgBouncer traffic",
  "collector.cycle": "Collection time",
  "collector.lag": "Collection lag",
  "collector.missed": "Missed collections",
  "collector.failures": "Failed readings",
  "collector.cpu": "Collector CPU",
  "collector.memory.resident": "Collector memory, resident",
  "collector.memory.private": "Collector memory, private",
  "spool.frames": "Spooled frames",
  "spool.dropped": "Dropped frames",
  "spool.refused": "Refused frames",
  "spool.lost": "Lost frames",
};

/**
 * What a reader calls a series: "Network in, ens5", "Disk usage, /var". A metric that is not ours goes by its own name: its selector.
 */
export function metricTitle(metric: string, labels: Labels = {}): string {
  if (!Object.hasOwn(TITLES, metric)) return seriesName(metric, labels);
  return [TITLES[metric as MetricName], ...Object.values(labels)].join(", ");
}

const SELECTOR = /^([^{]+)(?:\{(.*)\})?$/;
const LABEL = /([^=,\s]+)=("(?:[^"\\]|\\.)*")/g;

/** The title of a series by its written name, such as network.receive.bytes{interface="ens5"}. */
export function seriesTitle(name: string): string {
  const [, metric = name, labels = ""] = SELECTOR.exec(name) ?? [];
  const pairs = [...labels.matchAll(LABEL)].map(([, key = "", value = '""']) => [key, JSON.parse(value) as string]);
  return metricTitle(metric, Object.fromEntries(pairs));
}

const DOWN: Record<string, (labels: Labels) => string> = {
  "check.up": ({ check = "" }) => `Check ${check} fails`,
  "postgres.up": ({ server = "" }) => `Database server ${server} does not answer`,
  "pgbouncer.up": ({ server = "" }) => `PgBouncer ${server} does not answer`,
};

/** What it means that a series which is 1 while all is well is 0; undefined for other series. */
export const downTitle = (metric: string, labels: Labels): string | undefined => DOWN[metric]?.(labels);
