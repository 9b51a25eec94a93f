ALTER TABLE "alert_rule" ADD COLUMN "except_host_ids" INTEGER[] DEFAULT ARRAY[]::INTEGER[];

CREATE TABLE "alert_heartbeat" (
  "rule_id" INTEGER NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  "failed" BOOLEAN NOT NULL,
  "note" TEXT NOT NULL,
  CONSTRAINT "alert_heartbeat_pkey" PRIMARY KEY ("rule_id")
);
ALTER TABLE "alert_heartbeat" ADD CONSTRAINT "alert_heartbeat_rule_id_fkey" FOREIGN KEY ("rule_id") REFERENCES "alert_rule" ("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The limits of the settings, and of the detector's overrides, become rules. A host with a limit of its own has a rule of its own.
CREATE TEMPORARY TABLE shipped ON COMMIT DROP AS
SELECT metric, name, note, for_ms,
  coalesce(
    (SELECT o.threshold FROM detection_override o WHERE o.host_id = 0 AND o.metric = usual.metric),
    (SELECT (s.value #>> '{}')::float8 FROM setting s WHERE s.key = usual.key),
    usual.level
  ) AS level,
  coalesce((SELECT (s.value #>> '{}')::boolean FROM setting s WHERE s.key = 'detection'), true)
    AND coalesce((SELECT o.enabled FROM detection_override o WHERE o.host_id = 0 AND o.metric = usual.metric), true) AS enabled
FROM (VALUES
  ('cpu.usage', 'threshold_cpu_percent', 80, 'CPU usage high', 900000,
   'A quarter of an hour above 80 % is no burst any more: work queues. Look at the host''s processes for what uses the CPU.'),
  ('memory.usage', 'threshold_memory_percent', 85, 'Memory usage high', 180000,
   'Beyond 85 % the page cache shrinks and the machine begins to swap. Look for a process that grows.'),
  ('disk.usage', 'threshold_disk_percent', 90, 'Disk usage high', 120000,
   'At 90 % there is still time to act. Remove what is not needed, or enlarge the file system.'),
  ('postgres.response', 'threshold_response_ms', 2000, 'PostgreSQL responds slowly', 120000,
   'An empty query takes a millisecond; beyond two seconds every page waits. Look for locks, load and a full disk.')
) AS usual (metric, key, level, name, for_ms, note);

INSERT INTO alert_rule (name, enabled, severity, series, aggregate, window_ms, host_ids, except_host_ids, condition, for_ms, keep_firing_ms, no_data, on_error, labels, note, runbook)
SELECT name, enabled, 'warning', metric, 'avg', 60000, '{}',
  coalesce((SELECT array_agg(o.host_id ORDER BY o.host_id) FROM detection_override o
    WHERE o.metric = shipped.metric AND o.host_id <> 0 AND (o.threshold IS NOT NULL OR o.enabled = false)), '{}'),
  jsonb_build_object('kind', 'threshold', 'operator', '>=', 'level', level, 'resolveLevel', round((level * 0.95)::numeric, 3)),
  for_ms, 120000, 'keep', 'keep', '{}', note, ''
FROM shipped;

INSERT INTO alert_rule (name, enabled, severity, series, aggregate, window_ms, host_ids, condition, for_ms, keep_firing_ms, no_data, on_error, labels, note, runbook)
SELECT left(shipped.name || ', ' || h.name, 100), shipped.enabled, 'warning', shipped.metric, 'avg', 60000, ARRAY[h.id],
  jsonb_build_object('kind', 'threshold', 'operator', '>=', 'level', o.threshold, 'resolveLevel', round((o.threshold * 0.95)::numeric, 3)),
  for_ms, 120000, 'keep', 'keep', '{}', note, ''
FROM shipped
JOIN detection_override o ON o.metric = shipped.metric AND o.threshold IS NOT NULL AND coalesce(o.enabled, true)
JOIN host h ON h.id = o.host_id;

INSERT INTO alert_rule (name, enabled, severity, series, aggregate, window_ms, host_ids, condition, for_ms, keep_firing_ms, no_data, on_error, labels, note, runbook)
VALUES
  ('Host sends no data', true, 'critical', 'cpu.usage', 'avg', 60000, '{}', '{"kind":"absence"}', 0, 0, 'state', 'keep', '{}',
   'Nothing for a minute, or three intervals where these are longer. The machine is off, its network is, or its collector is.', ''),
  ('Disk full within a week', true, 'warning', 'disk.usage', 'last', 60000, '{}',
   '{"kind":"forecast","operator":">=","level":100,"withinMs":604800000,"probability":0.8}', 3600000, 3600000, 'ok', 'keep', '{}',
   'By how it grew in the past four weeks, in four of five cases. A week is time to order a larger disk.', ''),
  ('Inodes nearly used up', true, 'warning', 'disk.inodes.usage', 'avg', 60000, '{}',
   '{"kind":"threshold","operator":">=","level":90,"resolveLevel":85}', 120000, 120000, 'keep', 'keep', '{}',
   'Without inodes no file can be created, however much space is left. Look for folders with very many small files.', ''),
  ('PostgreSQL connections nearly used up', true, 'critical', 'postgres.connections.usage', 'avg', 60000, '{}',
   '{"kind":"threshold","operator":">=","level":90,"resolveLevel":80}', 60000, 60000, 'keep', 'keep', '{}',
   'At max_connections every further client is refused. Look for idle connections, and put a pooler in front.', ''),
  ('Transaction IDs running out', true, 'critical', 'postgres.wraparound', 'last', 60000, '{}',
   '{"kind":"threshold","operator":">=","level":50}', 0, 0, 'keep', 'keep', '{}',
   'Autovacuum keeps this near 10 %. At 100 % PostgreSQL takes no more writes. Look for transactions and replication slots that hold vacuum back.', ''),
  ('Certificate expires soon', true, 'warning', 'certificate.expires', 'last', 60000, '{}',
   '{"kind":"threshold","operator":"<","level":1209600}', 0, 0, 'keep', 'keep', '{}',
   'Renewal by ACME happens 30 days before the end: with 14 days left it has failed for two weeks.', ''),
  ('CPU usage unusual', true, 'warning', 'cpu.usage', 'avg', 60000, '{}',
   '{"kind":"anomaly","confidence":0.9}', 0, 600000, 'ok', 'keep', '{}',
   'Against its own past, with at least nine in ten of such anomalies true. The page of the anomaly shows what moved first.', ''),
  ('PostgreSQL response unusual', true, 'warning', 'postgres.response', 'avg', 60000, '{}',
   '{"kind":"anomaly","confidence":0.9}', 0, 600000, 'ok', 'keep', '{}',
   'Against its own past, with at least nine in ten of such anomalies true. Look for locks, load, and queries that are new.', '');

-- What goes on by a limit ends here: its rule takes over.
UPDATE performance_anomaly SET ended_at = now() WHERE source = 'threshold' AND ended_at IS NULL;
DELETE FROM setting WHERE key LIKE 'threshold\_%';
ALTER TABLE detection_override DROP COLUMN threshold;
DELETE FROM detection_override WHERE enabled IS NULL AND sensitivity IS NULL AND seasonal IS NULL;
