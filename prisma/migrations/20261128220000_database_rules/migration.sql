-- A watched server that does not answer calls somebody from the start.
INSERT INTO alert_rule (name, enabled, severity, series, aggregate, window_ms, host_ids, condition, for_ms, keep_firing_ms, no_data, on_error, labels, note, runbook)
VALUES
  ('Database server down', true, 'critical', 'postgres.up', 'max', 60000, '{}',
   '{"kind":"threshold","operator":"<","level":1}', 60000, 0, 'keep', 'keep', '{}',
   'It has not answered once in a minute, and in the minute before. Databases says why: refused, silent, or without a free connection.', ''),
  ('PgBouncer down', true, 'critical', 'pgbouncer.up', 'max', 60000, '{}',
   '{"kind":"threshold","operator":"<","level":1}', 60000, 0, 'keep', 'keep', '{}',
   'Its console has not answered once in a minute, and in the minute before: whoever connects through it cannot either.', '');
