-- CreateEnum
CREATE TYPE "anomaly_type" AS ENUM ('spike', 'shift', 'seasonal', 'erratic', 'flat', 'limit');

-- CreateEnum
CREATE TYPE "severity" AS ENUM ('info', 'warning', 'critical');

-- CreateEnum
CREATE TYPE "resolution" AS ENUM ('open', 'acknowledged', 'resolved', 'false_alarm');

-- CreateTable
CREATE TABLE "detector_state" (
    "host_id" INTEGER NOT NULL,
    "series_id" INTEGER NOT NULL,
    "up_to" TIMESTAMPTZ(3) NOT NULL,
    "state" BYTEA NOT NULL,

    CONSTRAINT "detector_state_pkey" PRIMARY KEY ("host_id","series_id")
);

-- CreateTable
CREATE TABLE "incident" (
    "host_id" INTEGER NOT NULL,
    "id" SERIAL NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "incident_pkey" PRIMARY KEY ("host_id","id")
);

-- CreateTable
CREATE TABLE "performance_anomaly" (
    "host_id" INTEGER NOT NULL,
    "id" SERIAL NOT NULL,
    "incident_id" INTEGER NOT NULL,
    "series_id" INTEGER NOT NULL,
    "metric" TEXT NOT NULL,
    "series" TEXT NOT NULL,
    "by_limit" BOOLEAN NOT NULL,
    "type" "anomaly_type" NOT NULL,
    "direction" TEXT NOT NULL,
    "severity" "severity" NOT NULL,
    "detected_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "score" DOUBLE PRECISION NOT NULL,
    "evidence" DOUBLE PRECISION NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "expected" DOUBLE PRECISION NOT NULL,
    "deviation" DOUBLE PRECISION NOT NULL,
    "reason" TEXT NOT NULL,
    "status" "resolution" NOT NULL DEFAULT 'open',
    "status_at" TIMESTAMPTZ(3),
    "status_by" UUID,
    "note" TEXT,

    CONSTRAINT "performance_anomaly_pkey" PRIMARY KEY ("host_id","id")
);

-- CreateTable
CREATE TABLE "detection_override" (
    "host_id" INTEGER NOT NULL,
    "metric" TEXT NOT NULL,
    "enabled" BOOLEAN,
    "sensitivity" DOUBLE PRECISION,
    "limit" DOUBLE PRECISION,
    "seasonal" BOOLEAN,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_by" UUID,

    CONSTRAINT "detection_override_pkey" PRIMARY KEY ("host_id","metric")
);

-- CreateTable
CREATE TABLE "annotation" (
    "id" SERIAL NOT NULL,
    "host_id" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_by" UUID,

    CONSTRAINT "annotation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recommendation_state" (
    "host_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3),
    "at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" UUID,
    "before" DOUBLE PRECISION,

    CONSTRAINT "recommendation_state_pkey" PRIMARY KEY ("host_id","key")
);

-- CreateIndex
CREATE INDEX "incident_host_id_last_at_idx" ON "incident"("host_id", "last_at");

-- CreateIndex
CREATE INDEX "incident_started_at_idx" ON "incident"("started_at");

-- CreateIndex
CREATE INDEX "performance_anomaly_host_id_incident_id_idx" ON "performance_anomaly"("host_id", "incident_id");

-- CreateIndex
CREATE INDEX "performance_anomaly_detected_at_idx" ON "performance_anomaly"("detected_at");

-- CreateIndex
CREATE UNIQUE INDEX "performance_anomaly_host_id_series_id_detected_at_by_limit_key" ON "performance_anomaly"("host_id", "series_id", "detected_at", "by_limit");

-- CreateIndex
CREATE INDEX "annotation_at_idx" ON "annotation"("at");

-- AddForeignKey
ALTER TABLE "incident" ADD CONSTRAINT "incident_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "performance_anomaly" ADD CONSTRAINT "performance_anomaly_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "performance_anomaly" ADD CONSTRAINT "performance_anomaly_host_id_incident_id_fkey" FOREIGN KEY ("host_id", "incident_id") REFERENCES "incident"("host_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A state hardly compresses.
ALTER TABLE "detector_state" ALTER COLUMN "state" SET STORAGE EXTERNAL;
