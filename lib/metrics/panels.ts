import { CATALOGUE, isCumulative, type MetricGroup, type MetricName, type Unit } from "#lib/metrics/catalogue.ts";

/** A chart: metrics of one unit that belong side by side. A counter is drawn as its rate per second. */
export type Panel = { id: string; title: string; metrics: MetricName[]; group: MetricGroup; unit: Unit; rate: boolean };

function panel(id: string, title: string, ...metrics: [MetricName, ...MetricName[]]): Panel {
  const { group, unit, kind } = CATALOGUE[metrics[0]];
  return { id, title, metrics, group, unit, rate: isCumulative(kind) };
}

/** The series that a chart shows, in the order of its metrics and then of their names, 2 before 10. */
export function seriesOf<S extends { metric: string; name: string }>(panel: Panel, series: S[]): S[] {
  const order = (entry: S) => (panel.metrics as string[]).indexOf(entry.metric);
  return series
    .filter((entry) => order(entry) >= 0)
    .sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name, "en", { numeric: true }));
}

/** Every metric of the catalogue stands in exactly one of these. */
export const PANELS: Panel[] = [
  panel("cpu", "CPU", "cpu.usage", "cpu.user", "cpu.system", "cpu.iowait", "cpu.steal"),
  panel("cores", "Cores", "cpu.core.usage"),
  panel("load", "Load", "load.1m", "load.5m", "load.15m"),
  panel("memory-usage", "Memory usage", "memory.usage"),
  panel("memory", "Memory", "memory.used", "memory.cached", "memory.available", "memory.total"),
  panel("swap", "Swap", "swap.used", "swap.total"),
  panel("disk-usage", "Space used", "disk.usage"),
  panel("disk-space", "Space", "disk.used", "disk.available", "disk.total"),
  panel("inodes", "Inodes used", "disk.inodes.usage"),
  panel("disk-bytes", "Disk throughput", "disk.read.bytes", "disk.write.bytes"),
  panel("disk-operations", "Disk operations", "disk.read.operations", "disk.write.operations"),
  panel("disk-busy", "Disk busy", "disk.busy"),
  panel("network", "Network throughput", "network.receive.bytes", "network.transmit.bytes"),
  panel("packets", "Packets", "network.receive.packets", "network.transmit.packets"),
  panel(
    "network-faults",
    "Errors and drops",
    "network.receive.errors",
    "network.transmit.errors",
    "network.receive.drops",
    "network.transmit.drops",
  ),
  panel("processes", "Processes", "process.count", "process.state"),
  panel("container-cpu", "Container CPU", "container.cpu"),
  panel("container-throttled", "Held back by CPU quota", "container.cpu.throttled"),
  panel("container-memory", "Container memory", "container.memory"),
  panel("container-bytes", "Container disk throughput", "container.read.bytes", "container.write.bytes"),
  panel("container-processes", "Container processes", "container.processes"),
  panel("units-failed", "Failed services", "unit.failed.count", "unit.failed"),
  panel("unit-restarts", "Service restarts", "unit.restarts"),
  panel("uptime", "Uptime", "system.uptime"),
  panel("temperature", "Temperature", "system.temperature"),
  panel("certificates", "Certificates expire in", "certificate.expires"),
  panel("postgres-response", "Response time", "postgres.response"),
  panel("postgres-connections", "Connections", "postgres.connections", "postgres.connections.active"),
  panel("postgres-connections-usage", "Connections used", "postgres.connections.usage"),
  panel("postgres-transactions", "Transactions", "postgres.commits", "postgres.rollbacks", "postgres.deadlocks"),
  panel("postgres-blocks", "Blocks", "postgres.blocks.hit", "postgres.blocks.read"),
  panel("postgres-wraparound", "Transaction ids used", "postgres.wraparound"),
  panel("postgres-size", "Database size", "postgres.size"),
  panel("check-up", "Checks that succeed", "check.up"),
  panel("check-duration", "Check duration", "check.duration"),
  panel("check-phases", "Stages of HTTP checks", "check.phase"),
  panel("check-status", "HTTP status of checks", "check.status"),
  panel("check-failures", "Failing checks by reason", "check.failure"),
  panel("check-certificates", "Checked certificates expire in", "check.certificate.expires"),
  panel("postgres-up", "Availability", "postgres.up"),
  panel("postgres-states", "Connections by state", "postgres.connections.state"),
  panel("postgres-locks", "Sessions waiting for a lock", "postgres.locks.waiting"),
  panel("postgres-longest", "Longest transaction", "postgres.transaction.longest", "postgres.transaction.idle"),
  panel("postgres-tuples", "Rows", "postgres.tuples"),
  panel("postgres-temp", "Temporary files", "postgres.temp.bytes"),
  panel("postgres-wal", "WAL", "postgres.wal.bytes"),
  panel("postgres-checkpoints", "Checkpoints", "postgres.checkpoints"),
  panel("postgres-io", "Data file I/O", "postgres.io.bytes"),
  panel("postgres-lag", "Replication lag", "postgres.replication.lag"),
  panel("postgres-lag-bytes", "Replication lag in WAL", "postgres.replication.lag.bytes"),
  panel("postgres-slots", "WAL kept by slots", "postgres.slot.retained"),
  panel("postgres-sizes", "Sizes of the databases", "postgres.database.size"),
  panel("postgres-dead", "Dead rows", "postgres.table.dead"),
  panel("pgbouncer-up", "Availability", "pgbouncer.up"),
  panel("pgbouncer-response", "Response time", "pgbouncer.response"),
  panel("pgbouncer-clients", "Clients", "pgbouncer.clients"),
  panel("pgbouncer-servers", "Server connections", "pgbouncer.servers"),
  panel("pgbouncer-wait", "Longest wait", "pgbouncer.wait"),
  panel("pgbouncer-queries", "Queries and transactions", "pgbouncer.queries", "pgbouncer.transactions"),
  panel("pgbouncer-bytes", "Traffic", "pgbouncer.bytes"),
  panel("collector-time", "Collection time and lag", "collector.cycle", "collector.lag"),
  panel("collector-cpu", "Collector CPU", "collector.cpu"),
  panel("collector-memory", "Collector memory", "collector.memory.resident", "collector.memory.private"),
  panel("collector-faults", "Missed cycles and failed readings", "collector.missed", "collector.failures"),
  panel("spool", "Spooled frames", "spool.frames"),
  panel("spool-dropped", "Dropped, refused and lost frames", "spool.dropped", "spool.refused", "spool.lost"),
];

/** The charts of the overview, and the largest of them first. */
export const OVERVIEW_PANELS: Panel[] = [
  { ...panel("performance", "Performance", "cpu.usage", "memory.usage", "disk.busy"), group: "System" },
  panel("network", "Network", "network.receive.bytes", "network.transmit.bytes"),
  panel("disk-bytes", "Disk throughput", "disk.read.bytes", "disk.write.bytes"),
];

/** Whether a metric is a part of a histogram or summary, which only PromQL makes something of. */
export const isPart = (metric: string): boolean => /_(bucket|sum)$/.test(metric);
