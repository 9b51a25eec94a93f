-- CreateTable
CREATE TABLE "analytics_report" (
    "id" SERIAL NOT NULL,
    "type" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "generated_at" TIMESTAMPTZ(3) NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "to" TIMESTAMPTZ(3) NOT NULL,
    "host_ids" INTEGER[],
    "metrics" JSONB NOT NULL,
    "insights" JSONB NOT NULL,
    "created_by" UUID,

    CONSTRAINT "analytics_report_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "analytics_report_generated_at_idx" ON "analytics_report"("generated_at");
