CREATE TABLE "event_hook" (
  "id" SERIAL NOT NULL,
  "kind" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "host_id" INTEGER,
  "service" TEXT NOT NULL,
  "sealed_secret" TEXT NOT NULL,
  "created_by" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "last_at" TIMESTAMPTZ(3),
  "received" BIGINT NOT NULL DEFAULT 0,
  "refused" BIGINT NOT NULL DEFAULT 0,
  "problem" TEXT,

  CONSTRAINT "event_hook_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "annotation"
  ADD COLUMN "service" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "version" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "url" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "key" TEXT;

CREATE UNIQUE INDEX "annotation_key_key" ON "annotation" ("key");
