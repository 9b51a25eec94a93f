-- Keys that stand in the source of web pages: they can only assign and ingest, for named experiments and origins.
CREATE TABLE "publishable_key" (
  "id" SERIAL NOT NULL,
  "name" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "experiments" TEXT[],
  "origins" TEXT[],
  "created_by" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "last_used_at" TIMESTAMPTZ(3),
  CONSTRAINT "publishable_key_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "publishable_key_key_key" ON "publishable_key" ("key");

-- The experiments that an event may count for; none is all.
ALTER TABLE "metric_event" ADD COLUMN "experiments" TEXT[] DEFAULT ARRAY[]::TEXT[];
