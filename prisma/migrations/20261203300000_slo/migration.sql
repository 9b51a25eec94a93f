CREATE TABLE "slo" (
  "id" SERIAL NOT NULL,
  "name" TEXT NOT NULL,
  "description" TEXT NOT NULL,
  "service" TEXT NOT NULL,
  "owner" TEXT NOT NULL,
  "indicator" JSONB NOT NULL,
  "objective" DOUBLE PRECISION NOT NULL,
  "window_days" INTEGER NOT NULL,
  "alerts" BOOLEAN NOT NULL,
  "min_failed" INTEGER NOT NULL,
  "rule_ids" INTEGER[],
  "counted_to" TIMESTAMPTZ(3),
  "revision" INTEGER NOT NULL DEFAULT 0,
  "problem" TEXT,
  "created_by" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "slo_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "slo_name_key" ON "slo" ("name");

CREATE TABLE "slo_count" (
  "slo_id" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "good" DOUBLE PRECISION NOT NULL,
  "total" DOUBLE PRECISION NOT NULL,

  CONSTRAINT "slo_count_pkey" PRIMARY KEY ("slo_id", "at"),
  CONSTRAINT "slo_count_slo_id_fkey" FOREIGN KEY ("slo_id") REFERENCES "slo" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
