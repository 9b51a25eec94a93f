-- CreateTable
CREATE TABLE "segment" (
    "host_id" INTEGER NOT NULL,
    "series_id" INTEGER NOT NULL,
    "tier" SMALLINT NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,
    "min" DOUBLE PRECISION NOT NULL,
    "max" DOUBLE PRECISION NOT NULL,
    "sum" DOUBLE PRECISION NOT NULL,
    "last" DOUBLE PRECISION NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "segment_pkey" PRIMARY KEY ("host_id","series_id","tier","start")
);

-- The data is compressed already: PostgreSQL need not try.
ALTER TABLE "segment" ALTER COLUMN "data" SET STORAGE EXTERNAL;

-- CreateIndex: queries look series up by metric.
CREATE INDEX "series_host_id_metric_idx" ON "series"("host_id", "metric");
