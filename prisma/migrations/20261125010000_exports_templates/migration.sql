-- AlterTable
ALTER TABLE "analytics_report" ADD COLUMN     "sections" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "template_id" INTEGER;

-- Reports that were made before say what they are made of by their type alone.
UPDATE "analytics_report" SET "sections" = CASE "type"
    WHEN 'executive' THEN ARRAY['availability', 'anomalies', 'capacity', 'experiments']
    WHEN 'full' THEN ARRAY['availability', 'performance', 'database', 'capacity', 'anomalies', 'experiments']
    WHEN 'anomaly' THEN ARRAY['anomalies']
    WHEN 'experiment' THEN ARRAY['experiments']
    ELSE ARRAY["type"]
END;

-- AlterTable
ALTER TABLE "report_schedule" ADD COLUMN     "template_id" INTEGER;

-- CreateTable
CREATE TABLE "report_template" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "sections" TEXT[],
    "host_ids" INTEGER[],
    "days" DOUBLE PRECISION NOT NULL,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "report_template_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "export_job" (
    "id" SERIAL NOT NULL,
    "owner_id" UUID NOT NULL,
    "asked" JSONB NOT NULL,
    "format" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "rows_expected" DOUBLE PRECISION,
    "rows_done" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "bytes" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "failure" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "export_job_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "report_template_name_key" ON "report_template"("name");

-- CreateIndex
CREATE INDEX "export_job_owner_id_id_idx" ON "export_job"("owner_id", "id");

-- CreateIndex
CREATE INDEX "export_job_status_id_idx" ON "export_job"("status", "id");

-- AddForeignKey
ALTER TABLE "analytics_report" ADD CONSTRAINT "analytics_report_template_id_fkey" FOREIGN KEY ("template_id") REFERENCES "report_template"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report_schedule" ADD CONSTRAINT "report_schedule_template_id_fkey" FOREIGN KEY ("template_id") REFERENCES "report_template"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "export_job" ADD CONSTRAINT "export_job_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
