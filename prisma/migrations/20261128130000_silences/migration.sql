CREATE TABLE "alert_silence" (
  "id" SERIAL NOT NULL,
  "matchers" TEXT NOT NULL,
  "comment" TEXT NOT NULL,
  "starts_at" TIMESTAMPTZ(3) NOT NULL,
  "ends_at" TIMESTAMPTZ(3) NOT NULL,
  "created_by" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "alert_silence_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "alert_silence_ends_at_idx" ON "alert_silence" ("ends_at");

ALTER TABLE "alert_delivery" ADD COLUMN "due_at" TIMESTAMPTZ(3), ADD COLUMN "silence_id" INTEGER;
UPDATE "alert_delivery" SET "due_at" = "at";
ALTER TABLE "alert_delivery" ALTER COLUMN "due_at" SET NOT NULL;
