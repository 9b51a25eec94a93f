CREATE TYPE "alert_state" AS ENUM ('pending', 'firing', 'no_data', 'error', 'resolved');
CREATE TYPE "alert_fallback" AS ENUM ('state', 'keep', 'firing', 'ok');

CREATE TABLE "alert_rule" (
  "id" SERIAL NOT NULL,
  "name" TEXT NOT NULL,
  "enabled" BOOLEAN NOT NULL,
  "severity" "severity" NOT NULL,
  "series" TEXT NOT NULL,
  "aggregate" TEXT NOT NULL,
  "window_ms" INTEGER NOT NULL,
  "host_ids" INTEGER[],
  "condition" JSONB NOT NULL,
  "for_ms" INTEGER NOT NULL,
  "keep_firing_ms" INTEGER NOT NULL,
  "no_data" "alert_fallback" NOT NULL,
  "on_error" "alert_fallback" NOT NULL,
  "labels" JSONB NOT NULL,
  "note" TEXT NOT NULL,
  "runbook" TEXT NOT NULL,
  "problem" TEXT,
  "created_by" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "alert_rule_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "alert_instance" (
  "host_id" INTEGER NOT NULL,
  "rule_id" INTEGER NOT NULL,
  "series_id" INTEGER NOT NULL,
  "memory" JSONB NOT NULL,
  "alert_id" INTEGER,
  CONSTRAINT "alert_instance_pkey" PRIMARY KEY ("host_id", "rule_id", "series_id")
);

CREATE TABLE "alert_clock" (
  "host_id" INTEGER NOT NULL,
  "judged_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "alert_clock_pkey" PRIMARY KEY ("host_id")
);

CREATE TABLE "alert" (
  "host_id" INTEGER NOT NULL,
  "id" SERIAL NOT NULL,
  "rule_id" INTEGER NOT NULL,
  "rule" TEXT NOT NULL,
  "severity" "severity" NOT NULL,
  "series_id" INTEGER NOT NULL,
  "series" TEXT NOT NULL,
  "labels" JSONB NOT NULL,
  "unit" TEXT NOT NULL,
  "rate" BOOLEAN NOT NULL,
  "state" "alert_state" NOT NULL,
  "summary" TEXT NOT NULL,
  "value" DOUBLE PRECISION,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "fired_at" TIMESTAMPTZ(3),
  "ended_at" TIMESTAMPTZ(3),
  "note" TEXT NOT NULL,
  "runbook" TEXT NOT NULL,
  "acknowledged_at" TIMESTAMPTZ(3),
  "acknowledged_by" UUID,
  "comment" TEXT NOT NULL DEFAULT '',
  CONSTRAINT "alert_pkey" PRIMARY KEY ("host_id", "id")
);

CREATE TABLE "alert_transition" (
  "host_id" INTEGER NOT NULL,
  "alert_id" INTEGER NOT NULL,
  "number" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "state" "alert_state" NOT NULL,
  "value" DOUBLE PRECISION,
  CONSTRAINT "alert_transition_pkey" PRIMARY KEY ("host_id", "alert_id", "number")
);

CREATE TABLE "alert_channel" (
  "id" SERIAL NOT NULL,
  "name" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "enabled" BOOLEAN NOT NULL,
  "min_severity" "severity" NOT NULL,
  "host_ids" INTEGER[],
  "trusted" BOOLEAN NOT NULL,
  "sealed" TEXT NOT NULL,
  "shown" JSONB NOT NULL,
  "created_by" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "alert_channel_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "alert_delivery" (
  "host_id" INTEGER NOT NULL,
  "id" SERIAL NOT NULL,
  "alert_id" INTEGER NOT NULL,
  "channel_id" INTEGER NOT NULL,
  "state" "alert_state" NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "claimed_until" TIMESTAMPTZ(3),
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "sent_at" TIMESTAMPTZ(3),
  "failed_at" TIMESTAMPTZ(3),
  "failure" TEXT,
  CONSTRAINT "alert_delivery_pkey" PRIMARY KEY ("host_id", "id")
);

CREATE UNIQUE INDEX "alert_delivery_host_id_alert_id_channel_id_state_key" ON "alert_delivery" ("host_id", "alert_id", "channel_id", "state");
CREATE INDEX "alert_delivery_channel_id_at_idx" ON "alert_delivery" ("channel_id", "at");
CREATE INDEX "alert_started_at_idx" ON "alert" ("started_at");
CREATE INDEX "alert_ended_at_idx" ON "alert" ("ended_at");

ALTER TABLE "alert_instance" ADD CONSTRAINT "alert_instance_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "alert_clock" ADD CONSTRAINT "alert_clock_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "alert" ADD CONSTRAINT "alert_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "alert_transition" ADD CONSTRAINT "alert_transition_host_id_alert_id_fkey" FOREIGN KEY ("host_id", "alert_id") REFERENCES "alert" ("host_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "alert_delivery" ADD CONSTRAINT "alert_delivery_host_id_alert_id_fkey" FOREIGN KEY ("host_id", "alert_id") REFERENCES "alert" ("host_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "alert_delivery" ADD CONSTRAINT "alert_delivery_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "alert_channel" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
