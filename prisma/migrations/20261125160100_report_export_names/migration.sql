-- Columns are named after what they hold.
ALTER TABLE "analytics_report" RENAME COLUMN "metrics" TO "content";
ALTER TABLE "analytics_report" RENAME COLUMN "sections" TO "section_names";
ALTER TABLE "report_template" RENAME COLUMN "sections" TO "section_names";
ALTER TABLE "export_job" RENAME COLUMN "asked" TO "request";

-- States that text and a comment held so far.
CREATE TYPE "report_type" AS ENUM ('custom', 'executive', 'performance', 'capacity', 'availability', 'anomaly', 'experiment', 'database', 'audit', 'full');
CREATE TYPE "report_section" AS ENUM ('hosts', 'availability', 'performance', 'database', 'capacity', 'anomalies', 'experiments', 'audit');
CREATE TYPE "export_status" AS ENUM ('queued', 'running', 'done', 'failed', 'cancelled', 'expired');
CREATE TYPE "export_format" AS ENUM ('json', 'ndjson', 'csv', 'xlsx', 'parquet');

ALTER TABLE "analytics_report"
  ALTER COLUMN "type" TYPE "report_type" USING "type"::"report_type",
  ALTER COLUMN "section_names" DROP DEFAULT,
  ALTER COLUMN "section_names" TYPE "report_section"[] USING "section_names"::"report_section"[],
  ALTER COLUMN "section_names" SET DEFAULT ARRAY[]::"report_section"[];

ALTER TABLE "report_template" ALTER COLUMN "section_names" TYPE "report_section"[] USING "section_names"::"report_section"[];

ALTER TABLE "report_schedule"
  ALTER COLUMN "type" TYPE "report_type" USING "type"::"report_type",
  ALTER COLUMN "roles" TYPE "role"[] USING "roles"::"role"[];

ALTER TABLE "export_job"
  ALTER COLUMN "format" TYPE "export_format" USING "format"::"export_format",
  ALTER COLUMN "status" DROP DEFAULT,
  ALTER COLUMN "status" TYPE "export_status" USING "status"::"export_status",
  ALTER COLUMN "status" SET DEFAULT 'queued';
