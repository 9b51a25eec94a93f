CREATE TABLE "process_sample" (
  "host_id" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "data" BYTEA NOT NULL,
  CONSTRAINT "process_sample_pkey" PRIMARY KEY ("host_id", "at"),
  CONSTRAINT "process_sample_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "process_sample_at_idx" ON "process_sample" ("at");
-- It is compressed already.
ALTER TABLE "process_sample" ALTER COLUMN "data" SET STORAGE EXTERNAL;

CREATE TABLE "process_block" (
  "host_id" INTEGER NOT NULL,
  "start" TIMESTAMPTZ(3) NOT NULL,
  "count" INTEGER NOT NULL,
  "data" BYTEA NOT NULL,
  CONSTRAINT "process_block_pkey" PRIMARY KEY ("host_id", "start"),
  CONSTRAINT "process_block_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "process_block_start_idx" ON "process_block" ("start");
ALTER TABLE "process_block" ALTER COLUMN "data" SET STORAGE EXTERNAL;
