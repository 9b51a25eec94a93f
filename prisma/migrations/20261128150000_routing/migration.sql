ALTER TABLE "alert"
  ADD COLUMN "acknowledged_until" TIMESTAMPTZ(3),
  ADD COLUMN "snoozed_until" TIMESTAMPTZ(3),
  ADD COLUMN "assigned_to" UUID;

ALTER TABLE "alert_delivery"
  ADD COLUMN "held" TEXT,
  ADD COLUMN "number" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "repeat_ms" INTEGER NOT NULL DEFAULT 0;
DROP INDEX "alert_delivery_host_id_alert_id_channel_id_state_key";
CREATE UNIQUE INDEX "alert_delivery_host_id_alert_id_channel_id_state_number_key" ON "alert_delivery" ("host_id", "alert_id", "channel_id", "state", "number");

ALTER TABLE "alert_silence"
  ADD COLUMN "maintenance" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "recurrence" JSONB;

CREATE TYPE "alert_event_kind" AS ENUM ('acknowledged', 'unacknowledged', 'snoozed', 'assigned', 'commented');

CREATE TABLE "alert_event" (
  "host_id" INTEGER NOT NULL,
  "id" SERIAL NOT NULL,
  "alert_id" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "user_id" UUID,
  "kind" "alert_event_kind" NOT NULL,
  "text" TEXT NOT NULL,
  CONSTRAINT "alert_event_pkey" PRIMARY KEY ("host_id", "id")
);
CREATE INDEX "alert_event_host_id_alert_id_idx" ON "alert_event" ("host_id", "alert_id");
ALTER TABLE "alert_event" ADD CONSTRAINT "alert_event_host_id_alert_id_fkey" FOREIGN KEY ("host_id", "alert_id") REFERENCES "alert" ("host_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO alert_event (host_id, alert_id, at, user_id, kind, text)
SELECT host_id, id, acknowledged_at, acknowledged_by, 'acknowledged', comment FROM alert WHERE acknowledged_at IS NOT NULL;

CREATE TABLE "alert_routing" (
  "id" INTEGER NOT NULL,
  "tree" JSONB NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "alert_routing_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "alert_inhibition" (
  "id" SERIAL NOT NULL,
  "source_matchers" TEXT NOT NULL,
  "target_matchers" TEXT NOT NULL,
  "equal" TEXT[],
  CONSTRAINT "alert_inhibition_pkey" PRIMARY KEY ("id")
);
-- A host that is down hides what else is wrong on it.
INSERT INTO alert_inhibition (source_matchers, target_matchers, equal)
VALUES ('rule="Host sends no data"', 'severity=~".+"', '{host}');

CREATE TABLE "on_call_schedule" (
  "id" SERIAL NOT NULL,
  "name" TEXT NOT NULL,
  "zone" TEXT NOT NULL,
  "layers" JSONB NOT NULL,
  CONSTRAINT "on_call_schedule_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "on_call_schedule_name_key" ON "on_call_schedule" ("name");

CREATE TABLE "on_call_override" (
  "id" SERIAL NOT NULL,
  "schedule_id" INTEGER NOT NULL,
  "user_id" UUID NOT NULL,
  "starts_at" TIMESTAMPTZ(3) NOT NULL,
  "ends_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "on_call_override_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "on_call_override_schedule_id_idx" ON "on_call_override" ("schedule_id");
ALTER TABLE "on_call_override" ADD CONSTRAINT "on_call_override_schedule_id_fkey" FOREIGN KEY ("schedule_id") REFERENCES "on_call_schedule" ("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "alert_attempt" (
  "host_id" INTEGER NOT NULL,
  "id" SERIAL NOT NULL,
  "delivery_id" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "failure" TEXT,
  CONSTRAINT "alert_attempt_pkey" PRIMARY KEY ("host_id", "id")
);
CREATE INDEX "alert_attempt_host_id_delivery_id_idx" ON "alert_attempt" ("host_id", "delivery_id");
ALTER TABLE "alert_attempt" ADD CONSTRAINT "alert_attempt_host_id_delivery_id_fkey" FOREIGN KEY ("host_id", "delivery_id") REFERENCES "alert_delivery" ("host_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
