-- Why a verdict's webhook failed, for the reader of its history; the instant once it was given up.
ALTER TABLE "verdict" ADD COLUMN "webhook_failure" TEXT, ADD COLUMN "webhook_failed_at" TIMESTAMPTZ(3);

-- Those that were given up before have their reason in the queue.
UPDATE "verdict" SET "webhook_failure" = left(job."last_error", 500), "webhook_failed_at" = job."run_at"
FROM "job" WHERE job."queue" = 'webhook' AND job."state" = 'failed' AND job."key" = "verdict"."id"::text AND "verdict"."notified_at" IS NULL;
