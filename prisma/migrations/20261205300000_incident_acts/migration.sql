-- Who has an incident, what was done and said about it, and what was learned of it.
CREATE TYPE "incident_event_kind" AS ENUM ('acknowledged', 'resolved', 'false_alarm', 'reopened', 'assigned', 'commented');

ALTER TABLE "incident" ADD COLUMN "assigned_to" UUID;

CREATE TABLE "incident_event" (
  "host_id" INTEGER NOT NULL,
  "id" SERIAL NOT NULL,
  "incident_id" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "user_id" UUID,
  "kind" "incident_event_kind" NOT NULL,
  "text" TEXT NOT NULL,
  "edited_at" TIMESTAMPTZ(3),
  CONSTRAINT "incident_event_pkey" PRIMARY KEY ("host_id", "id"),
  CONSTRAINT "incident_event_host_id_incident_id_fkey" FOREIGN KEY ("host_id", "incident_id")
    REFERENCES "incident" ("host_id", "id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "incident_event_host_id_incident_id_id_idx" ON "incident_event" ("host_id", "incident_id", "id");

CREATE TABLE "post_mortem" (
  "host_id" INTEGER NOT NULL,
  "incident_id" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "title" TEXT NOT NULL,
  "summary" TEXT NOT NULL,
  "impact" TEXT NOT NULL,
  "timeline" TEXT NOT NULL,
  "cause" TEXT NOT NULL,
  "remedy" TEXT NOT NULL,
  "follow_ups" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  "updated_by" UUID,
  CONSTRAINT "post_mortem_pkey" PRIMARY KEY ("host_id", "incident_id"),
  CONSTRAINT "post_mortem_host_id_incident_id_fkey" FOREIGN KEY ("host_id", "incident_id")
    REFERENCES "incident" ("host_id", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- What was decided before: once for each time that somebody did.
INSERT INTO "incident_event" ("host_id", "incident_id", "at", "user_id", "kind", "text")
SELECT "host_id", "incident_id", "status_at", "status_by",
  (CASE "status" WHEN 'open' THEN 'reopened' ELSE "status"::text END)::"incident_event_kind", coalesce(max("note"), '')
FROM "performance_anomaly" WHERE "status_at" IS NOT NULL
GROUP BY "host_id", "incident_id", "status_at", "status_by", "status"
ORDER BY "status_at";
