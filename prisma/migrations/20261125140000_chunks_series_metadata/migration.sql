-- Names: a segment is a chunk, its tier a resolution, a layout a frame schema.
ALTER TABLE "segment" RENAME TO "chunk";
ALTER TABLE "chunk" RENAME COLUMN "tier" TO "resolution";
ALTER TABLE "chunk" RENAME CONSTRAINT "segment_pkey" TO "chunk_pkey";

ALTER TABLE "layout" RENAME TO "frame_schema";
ALTER TABLE "frame_schema" RENAME CONSTRAINT "layout_pkey" TO "frame_schema_pkey";
ALTER TABLE "frame_schema" RENAME CONSTRAINT "layout_host_id_fkey" TO "frame_schema_host_id_fkey";
ALTER TABLE "frame_schema" RENAME CONSTRAINT "layout_host_id_source_id_fkey" TO "frame_schema_host_id_source_id_fkey";
ALTER INDEX "layout_host_id_source_id_interval_ms_series_hash_key" RENAME TO "frame_schema_host_id_source_id_interval_ms_series_hash_key";
ALTER SEQUENCE "layout_id_seq" RENAME TO "frame_schema_id_seq";
ALTER TABLE "frame" RENAME COLUMN "layout_id" TO "frame_schema_id";

-- A series carries what its numbers are. Those of the catalogue are filled in; any other was stored as a gauge.
CREATE TYPE "metric_kind" AS ENUM ('gauge', 'counter', 'histogram');
ALTER TABLE "series"
    ADD COLUMN "kind" "metric_kind" NOT NULL DEFAULT 'gauge',
    ADD COLUMN "unit" TEXT NOT NULL DEFAULT 'count',
    ADD COLUMN "help" TEXT NOT NULL DEFAULT '';
UPDATE "series" s SET "unit" = c."unit", "kind" = c."kind"::"metric_kind", "help" = c."help"
FROM (VALUES
    ('cpu.usage', 'percent', 'gauge', 'Time not idle, of all cores together'),
    ('cpu.user', 'percent', 'gauge', 'Time in user space, nice included'),
    ('cpu.system', 'percent', 'gauge', 'Time in the kernel, interrupts included'),
    ('cpu.iowait', 'percent', 'gauge', 'Idle time with a disk request outstanding'),
    ('cpu.steal', 'percent', 'gauge', 'Time that the hypervisor gave to others'),
    ('cpu.core.usage', 'percent', 'gauge', 'Time not idle of one core (core)'),
    ('load.1m', 'load', 'gauge', 'Processes running or waiting, averaged over 1 minute'),
    ('load.5m', 'load', 'gauge', 'Processes running or waiting, averaged over 5 minutes'),
    ('load.15m', 'load', 'gauge', 'Processes running or waiting, averaged over 15 minutes'),
    ('memory.usage', 'percent', 'gauge', 'Memory that is not available, of the total'),
    ('memory.total', 'bytes', 'gauge', 'Physical memory'),
    ('memory.used', 'bytes', 'gauge', 'Total less available'),
    ('memory.available', 'bytes', 'gauge', 'What programs can get without swapping'),
    ('memory.cached', 'bytes', 'gauge', 'Page cache and reclaimable slabs'),
    ('swap.total', 'bytes', 'gauge', 'Swap space'),
    ('swap.used', 'bytes', 'gauge', 'Swap in use'),
    ('disk.usage', 'percent', 'gauge', 'Space used, of what an ordinary user can have (mount)'),
    ('disk.total', 'bytes', 'gauge', 'Size of the file system (mount)'),
    ('disk.used', 'bytes', 'gauge', 'Space used (mount)'),
    ('disk.available', 'bytes', 'gauge', 'Space left to an ordinary user (mount)'),
    ('disk.inodes.usage', 'percent', 'gauge', 'Inodes used (mount)'),
    ('disk.read.bytes', 'bytes', 'counter', 'Bytes read (device)'),
    ('disk.write.bytes', 'bytes', 'counter', 'Bytes written (device)'),
    ('disk.read.operations', 'count', 'counter', 'Reads completed (device)'),
    ('disk.write.operations', 'count', 'counter', 'Writes completed (device)'),
    ('disk.busy', 'percent', 'gauge', 'Time with a request in flight (device)'),
    ('network.receive.bytes', 'bytes', 'counter', 'Bytes received (interface)'),
    ('network.transmit.bytes', 'bytes', 'counter', 'Bytes sent (interface)'),
    ('network.receive.packets', 'count', 'counter', 'Packets received (interface)'),
    ('network.transmit.packets', 'count', 'counter', 'Packets sent (interface)'),
    ('network.receive.errors', 'count', 'counter', 'Faulty packets received (interface)'),
    ('network.transmit.errors', 'count', 'counter', 'Packets that failed to send (interface)'),
    ('network.receive.drops', 'count', 'counter', 'Packets dropped on receipt (interface)'),
    ('network.transmit.drops', 'count', 'counter', 'Packets dropped before sending (interface)'),
    ('process.count', 'count', 'gauge', 'Processes, threads not counted'),
    ('process.state', 'count', 'gauge', 'Processes by state: running, sleeping, blocked, stopped, zombie, idle (state)'),
    ('system.uptime', 'seconds', 'gauge', 'Time since the machine started'),
    ('system.temperature', 'celsius', 'gauge', 'Temperature (sensor)'),
    ('certificate.expires', 'seconds', 'gauge', 'Time until a certificate expires (certificate)'),
    ('postgres.response', 'ms', 'gauge', 'Round trip of an empty query'),
    ('postgres.connections', 'count', 'gauge', 'Client connections'),
    ('postgres.connections.active', 'count', 'gauge', 'Connections that run a query now'),
    ('postgres.connections.usage', 'percent', 'gauge', 'Connections, of max_connections'),
    ('postgres.commits', 'count', 'counter', 'Transactions committed'),
    ('postgres.rollbacks', 'count', 'counter', 'Transactions rolled back'),
    ('postgres.blocks.hit', 'count', 'counter', 'Blocks found in shared buffers'),
    ('postgres.blocks.read', 'count', 'counter', 'Blocks read from the system'),
    ('postgres.deadlocks', 'count', 'counter', 'Deadlocks'),
    ('postgres.wraparound', 'percent', 'gauge', 'Age of the oldest transaction id, of what ends all writing'),
    ('postgres.size', 'bytes', 'gauge', 'Size of the database'),
    ('collector.cycle', 'ms', 'gauge', 'Time that one collection took'),
    ('collector.lag', 'ms', 'gauge', 'How late the collection began'),
    ('collector.missed', 'count', 'counter', 'Cycles skipped because the one before had not ended'),
    ('collector.failures', 'count', 'counter', 'Sensor readings that failed or timed out (sensor)'),
    ('collector.cpu', 'percent', 'gauge', 'CPU of the collecting process, of one core'),
    ('collector.memory.resident', 'bytes', 'gauge', 'Resident memory of the collecting process'),
    ('collector.memory.private', 'bytes', 'gauge', 'Memory that the collecting process alone uses'),
    ('spool.frames', 'count', 'gauge', 'Frames that wait on disk for the database'),
    ('spool.dropped', 'count', 'counter', 'Frames dropped because the spool was full')
) AS c("metric", "unit", "kind", "help")
WHERE s."metric" = c."metric";
ALTER TABLE "series"
    ALTER COLUMN "kind" DROP DEFAULT,
    ALTER COLUMN "unit" DROP DEFAULT,
    ALTER COLUMN "help" DROP DEFAULT;

-- The kind is part of what a series is: numbers of two kinds are never one line.
DROP INDEX "series_host_id_source_id_metric_labels_key_key";
CREATE UNIQUE INDEX "series_host_id_source_id_metric_labels_key_kind_key" ON "series"("host_id", "source_id", "metric", "labels_key", "kind");

-- Settings say their unit; thresholds say that they are.
UPDATE "setting" SET "key" = n."new" FROM (VALUES
    ('retention_period', 'retention_raw_days'),
    ('retention_minutes', 'retention_minute_days'),
    ('retention_hours', 'retention_hour_days'),
    ('retention_anomalies', 'retention_anomaly_days'),
    ('cpu_usage', 'threshold_cpu_percent'),
    ('memory_usage', 'threshold_memory_percent'),
    ('disk_usage', 'threshold_disk_percent'),
    ('response_time', 'threshold_response_ms'),
    ('session_max_age', 'session_max_age_minutes'),
    ('session_rotation', 'session_rotation_minutes')
) AS n("old", "new") WHERE "setting"."key" = n."old";
