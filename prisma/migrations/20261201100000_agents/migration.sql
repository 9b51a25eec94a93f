ALTER TABLE "host"
  ADD COLUMN "hostname" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
  ADD COLUMN "host_group" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "retired_at" TIMESTAMPTZ(3);
UPDATE "host" SET "hostname" = "name";

CREATE TABLE "agent" (
  "host_id" INTEGER NOT NULL,
  "hash" TEXT NOT NULL,
  "next_hash" TEXT,
  "issued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "rotation_due" BOOLEAN NOT NULL DEFAULT false,
  "enrolled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "revoked_at" TIMESTAMPTZ(3),
  "version" TEXT NOT NULL,
  "last_seen_at" TIMESTAMPTZ(3),
  "address" TEXT NOT NULL DEFAULT '',
  "clock_offset_ms" DOUBLE PRECISION NOT NULL DEFAULT 0,
  "refused" BIGINT NOT NULL DEFAULT 0,
  "dropped" BIGINT NOT NULL DEFAULT 0,
  "waiting" INTEGER NOT NULL DEFAULT 0,
  "refusal" TEXT,
  "refused_at" TIMESTAMPTZ(3),
  CONSTRAINT "agent_pkey" PRIMARY KEY ("host_id"),
  CONSTRAINT "agent_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "agent_hash_idx" ON "agent" ("hash");
CREATE INDEX "agent_next_hash_idx" ON "agent" ("next_hash");

CREATE TABLE "enrolment_token" (
  "id" UUID NOT NULL,
  "hash" TEXT NOT NULL,
  "host_id" INTEGER,
  "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "host_group" TEXT NOT NULL DEFAULT '',
  "created_by" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "max_hosts" INTEGER NOT NULL DEFAULT 1,
  "used" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "enrolment_token_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "enrolment_token_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "enrolment_token_hash_key" ON "enrolment_token" ("hash");
