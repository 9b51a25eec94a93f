-- A link to a report that opens without signing in, which can be taken back. Links of before cannot be: they no longer open.
CREATE TABLE "report_share" (
    "id" UUID NOT NULL,
    "report_id" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "report_share_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "report_share_hash_key" ON "report_share"("hash");
CREATE INDEX "report_share_report_id_idx" ON "report_share"("report_id");
ALTER TABLE "report_share" ADD CONSTRAINT "report_share_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "analytics_report"("id") ON DELETE CASCADE ON UPDATE CASCADE;
