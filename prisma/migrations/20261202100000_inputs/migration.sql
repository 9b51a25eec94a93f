CREATE TABLE "input" (
  "host_id" INTEGER NOT NULL,
  "name" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "token_hash" TEXT,
  "token_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "max_series" INTEGER NOT NULL DEFAULT 10000,
  "max_body_kib" INTEGER NOT NULL DEFAULT 16384,
  "max_samples_per_second" INTEGER NOT NULL DEFAULT 100000,
  "created_by" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "last_received_at" TIMESTAMPTZ(3),
  "stored" BIGINT NOT NULL DEFAULT 0,
  "refused" BIGINT NOT NULL DEFAULT 0,
  "problem" TEXT,
  "problem_at" TIMESTAMPTZ(3),
  "minute_at" TIMESTAMPTZ(3),
  "minute_samples" BIGINT NOT NULL DEFAULT 0,
  "minute_before" BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT "input_pkey" PRIMARY KEY ("host_id"),
  CONSTRAINT "input_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "input_name_key" ON "input" ("name");
CREATE UNIQUE INDEX "input_token_hash_key" ON "input" ("token_hash");

CREATE TABLE "input_drop" (
  "host_id" INTEGER NOT NULL,
  "reason" TEXT NOT NULL,
  "samples" BIGINT NOT NULL DEFAULT 0,
  "example" TEXT NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "input_drop_pkey" PRIMARY KEY ("host_id", "reason"),
  CONSTRAINT "input_drop_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "input" ("host_id") ON DELETE CASCADE ON UPDATE CASCADE
);
