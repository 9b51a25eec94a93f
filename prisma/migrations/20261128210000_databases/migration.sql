CREATE TYPE "database_kind" AS ENUM ('postgres', 'pgbouncer');

CREATE TABLE "database_server" (
  "host_id" INTEGER NOT NULL,
  "id" SERIAL NOT NULL,
  "name" TEXT NOT NULL,
  "kind" "database_kind" NOT NULL,
  "own" BOOLEAN NOT NULL DEFAULT false,
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "interval_s" INTEGER NOT NULL,
  "shown" JSONB NOT NULL,
  "sealed" TEXT NOT NULL,
  "trusted" BOOLEAN NOT NULL,
  "created_by" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "database_server_pkey" PRIMARY KEY ("host_id", "id")
);
CREATE UNIQUE INDEX "database_server_host_id_name_key" ON "database_server" ("host_id", "name");
ALTER TABLE "database_server" ADD CONSTRAINT "database_server_host_id_fkey"
  FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "database_snapshot" (
  "host_id" INTEGER NOT NULL,
  "server_id" INTEGER NOT NULL,
  "part" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "data" JSONB NOT NULL,
  CONSTRAINT "database_snapshot_pkey" PRIMARY KEY ("host_id", "server_id", "part", "at")
);
ALTER TABLE "database_snapshot" ADD CONSTRAINT "database_snapshot_host_id_server_id_fkey"
  FOREIGN KEY ("host_id", "server_id") REFERENCES "database_server" ("host_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "database_statement" (
  "host_id" INTEGER NOT NULL,
  "server_id" INTEGER NOT NULL,
  "query_id" BIGINT NOT NULL,
  "text" TEXT NOT NULL,
  "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
  "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "database_statement_pkey" PRIMARY KEY ("host_id", "server_id", "query_id")
);
ALTER TABLE "database_statement" ADD CONSTRAINT "database_statement_host_id_server_id_fkey"
  FOREIGN KEY ("host_id", "server_id") REFERENCES "database_server" ("host_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "database_history" (
  "host_id" INTEGER NOT NULL,
  "server_id" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "step_s" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "data" BYTEA NOT NULL,
  CONSTRAINT "database_history_pkey" PRIMARY KEY ("host_id", "server_id", "kind", "step_s", "at")
);
ALTER TABLE "database_history" ADD CONSTRAINT "database_history_host_id_server_id_fkey"
  FOREIGN KEY ("host_id", "server_id") REFERENCES "database_server" ("host_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "database_setting_change" (
  "host_id" INTEGER NOT NULL,
  "server_id" INTEGER NOT NULL,
  "name" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "before" TEXT,
  "after" TEXT,
  CONSTRAINT "database_setting_change_pkey" PRIMARY KEY ("host_id", "server_id", "name", "at")
);
ALTER TABLE "database_setting_change" ADD CONSTRAINT "database_setting_change_host_id_server_id_fkey"
  FOREIGN KEY ("host_id", "server_id") REFERENCES "database_server" ("host_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
