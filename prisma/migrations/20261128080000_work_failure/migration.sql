-- What a background task could not do, by task and subject: shown until it succeeds, and tried again with back-off.
CREATE TABLE "work_failure" (
  "task" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL DEFAULT 1,
  "since" TIMESTAMPTZ(3) NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  "retry_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "work_failure_pkey" PRIMARY KEY ("task", "subject")
);
