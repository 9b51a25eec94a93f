CREATE TABLE "uptime_check" (
  "id" SERIAL NOT NULL,
  "name" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "target" TEXT NOT NULL,
  "interval_ms" INTEGER NOT NULL,
  "timeout_ms" INTEGER NOT NULL,
  "options" JSONB NOT NULL,
  "host_ids" INTEGER[],
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "trusted" BOOLEAN NOT NULL DEFAULT false,
  "created_by" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "uptime_check_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "uptime_check_name_key" ON "uptime_check" ("name");

INSERT INTO alert_rule (name, enabled, severity, series, aggregate, window_ms, host_ids, condition, for_ms, keep_firing_ms, no_data, on_error, labels, note, runbook)
VALUES
  ('Check fails', true, 'critical', 'check.up', 'last', 60000, '{}',
   '{"kind": "threshold", "operator": "<", "level": 1}'::jsonb, 120000, 0, 'keep', 'keep', '{}',
   'It failed for two minutes: a single failure is often the way there and not the service. The series check.failure says why.', ''),
  ('Checked certificate expires soon', true, 'warning', 'check.certificate.expires', 'last', 60000, '{}',
   '{"kind": "threshold", "operator": "<", "level": 1209600}'::jsonb, 0, 0, 'keep', 'keep', '{}',
   'ACME renews 30 days before: it has failed for two weeks. Renew the certificate by hand, and look at the log of its client.', '');
