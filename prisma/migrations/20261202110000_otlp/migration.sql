CREATE TABLE "otlp_total" (
  "host_id" INTEGER NOT NULL,
  "stream" BYTEA NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "totals" DOUBLE PRECISION[],
  "before_at" TIMESTAMPTZ(3),
  "before" DOUBLE PRECISION[],
  CONSTRAINT "otlp_total_pkey" PRIMARY KEY ("host_id", "stream"),
  CONSTRAINT "otlp_total_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "otlp_exemplar" (
  "host_id" INTEGER NOT NULL,
  "stream" BYTEA NOT NULL,
  "metric" TEXT NOT NULL,
  "labels" JSONB NOT NULL,
  "trace_id" TEXT NOT NULL,
  "span_id" TEXT NOT NULL,
  "value" DOUBLE PRECISION NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "otlp_exemplar_pkey" PRIMARY KEY ("host_id", "stream"),
  CONSTRAINT "otlp_exemplar_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "trace" (
  "host_id" INTEGER NOT NULL,
  "trace_id" TEXT NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "spans" JSONB NOT NULL,
  "dropped" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "trace_pkey" PRIMARY KEY ("host_id", "trace_id"),
  CONSTRAINT "trace_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "trace_rank" (
  "host_id" INTEGER NOT NULL,
  "hour" TIMESTAMPTZ(3) NOT NULL,
  "service" TEXT NOT NULL,
  "operation" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "trace_id" TEXT NOT NULL,
  "duration" DOUBLE PRECISION NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "trace_rank_pkey" PRIMARY KEY ("host_id", "hour", "service", "operation", "reason", "trace_id"),
  CONSTRAINT "trace_rank_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "trace_rank_host_id_trace_id_idx" ON "trace_rank" ("host_id", "trace_id");
