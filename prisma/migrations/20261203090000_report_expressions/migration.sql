ALTER TABLE "report_template" ADD COLUMN "expressions" JSONB NOT NULL DEFAULT '[]';
