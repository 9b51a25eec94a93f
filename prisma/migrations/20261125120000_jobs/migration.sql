-- One queue for all that is done later: exports, scheduled reports, mails and webhooks.
CREATE TYPE "job_state" AS ENUM ('queued', 'running', 'failed');
CREATE TABLE "job" (
    "id" SERIAL NOT NULL,
    "queue" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "state" "job_state" NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "run_at" TIMESTAMPTZ(3) NOT NULL,
    "lease_until" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "job_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "job_queue_key_key" ON "job"("queue", "key");
CREATE INDEX "job_queue_state_run_at_idx" ON "job"("queue", "state", "run_at");

-- A mail that is given up, and a schedule that cannot run, say so.
ALTER TABLE "report_delivery" ADD COLUMN "failed_at" TIMESTAMPTZ(3);
ALTER TABLE "report_schedule" ADD COLUMN "failure" TEXT;

-- The jobs of what waits are queued when the jobs worker starts (lib/jobs). What was given up stays so.
UPDATE "export_job" SET "status" = 'queued' WHERE "status" = 'running';
UPDATE "report_delivery" SET "failed_at" = "try_at" WHERE "sent_at" IS NULL AND "attempts" >= 8;

DROP INDEX "report_delivery_sent_at_try_at_idx";
ALTER TABLE "report_delivery" DROP COLUMN "attempts", DROP COLUMN "try_at";
ALTER TABLE "export_job" DROP COLUMN "attempts", DROP COLUMN "lease_until";
