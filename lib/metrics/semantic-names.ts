import type { MetricName } from "#lib/metrics/catalogue.ts";

/** What the portal measures of its own requests, by the name that it took from there. */
const REQUESTS = "http.server.request.duration";

/**
 * What OpenTelemetry calls what Sightline measures: by its semantic conventions (system, container, hardware), and by the Collector's PostgreSQL receiver
 * where the conventions have no name of their own. Attributes that tell the parts apart stand in braces. Units differ where a name says
 * `utilization`: a share of 1, and not percent.
 */
export const SEMANTIC_NAMES: Partial<Record<MetricName | typeof REQUESTS, string>> = {
  "cpu.usage": "system.cpu.utilization",
  "cpu.user": 'system.cpu.utilization{cpu.mode="user"}',
  "cpu.system": 'system.cpu.utilization{cpu.mode="system"}',
  "cpu.iowait": 'system.cpu.utilization{cpu.mode="iowait"}',
  "cpu.steal": 'system.cpu.utilization{cpu.mode="steal"}',
  "cpu.core.usage": "system.cpu.utilization{cpu.logical_number}",
  "load.1m": "system.cpu.load_average.1m",
  "load.5m": "system.cpu.load_average.5m",
  "load.15m": "system.cpu.load_average.15m",
  "memory.usage": "system.memory.utilization",
  "memory.total": "system.memory.limit",
  "memory.used": 'system.memory.usage{system.memory.state="used"}',
  "memory.available": "system.memory.linux.available",
  "memory.cached": 'system.memory.usage{system.memory.state="cached"}',
  "swap.used": 'system.paging.usage{system.paging.state="used"}',
  "disk.usage": "system.filesystem.utilization",
  "disk.total": "system.filesystem.limit",
  "disk.used": 'system.filesystem.usage{system.filesystem.state="used"}',
  "disk.available": 'system.filesystem.usage{system.filesystem.state="free"}',
  "disk.read.bytes": 'system.disk.io{disk.io.direction="read"}',
  "disk.write.bytes": 'system.disk.io{disk.io.direction="write"}',
  "disk.read.operations": 'system.disk.operations{disk.io.direction="read"}',
  "disk.write.operations": 'system.disk.operations{disk.io.direction="write"}',
  "disk.busy": "system.disk.io_time",
  "network.receive.bytes": 'system.network.io{network.io.direction="receive"}',
  "network.transmit.bytes": 'system.network.io{network.io.direction="transmit"}',
  "network.receive.packets": 'system.network.packet.count{network.io.direction="receive"}',
  "network.transmit.packets": 'system.network.packet.count{network.io.direction="transmit"}',
  "network.receive.errors": 'system.network.errors{network.io.direction="receive"}',
  "network.transmit.errors": 'system.network.errors{network.io.direction="transmit"}',
  "network.receive.drops": 'system.network.packet.dropped{network.io.direction="receive"}',
  "network.transmit.drops": 'system.network.packet.dropped{network.io.direction="transmit"}',
  "process.count": "system.process.count",
  "process.state": "system.process.count{process.state}",
  "container.cpu": "container.cpu.usage",
  "container.memory": "container.memory.usage",
  "container.read.bytes": 'container.disk.io{disk.io.direction="read"}',
  "container.write.bytes": 'container.disk.io{disk.io.direction="write"}',
  "system.uptime": "system.uptime",
  "system.temperature": "hw.temperature",
  "postgres.connections": "postgresql.backends",
  "postgres.connections.state": "db.client.connection.count{db.client.connection.state}",
  "postgres.commits": "postgresql.commits",
  "postgres.rollbacks": "postgresql.rollbacks",
  "postgres.blocks.hit": "postgresql.blks_hit",
  "postgres.blocks.read": "postgresql.blks_read",
  "postgres.deadlocks": "postgresql.deadlocks",
  "postgres.size": "postgresql.db_size",
  "postgres.database.size": "postgresql.db_size",
  "postgres.temp.bytes": "postgresql.temp.io",
  "postgres.checkpoints": "postgresql.bgwriter.checkpoint.count",
  "postgres.tuples": "postgresql.operations{operation}",
  "postgres.replication.lag": 'postgresql.wal.lag{operation="replay"}',
  "postgres.replication.lag.bytes": "postgresql.replication.data_delay",
  [REQUESTS]: REQUESTS,
  "postgres.table.dead": 'postgresql.rows{state="dead"}',
};

/** OpenTelemetry's name of a metric of ours; undefined where it has none, and for metrics of others, which bear their own. */
export const semanticName = (metric: string): string | undefined =>
  Object.hasOwn(SEMANTIC_NAMES, metric) ? SEMANTIC_NAMES[metric as MetricName] : undefined;
