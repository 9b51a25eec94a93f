-- The state of an anomaly is its status; a level that alerts is a threshold; what stands in a fixed list is an enum.
ALTER TYPE "resolution" RENAME TO "anomaly_status";
ALTER TYPE "anomaly_type" RENAME VALUE 'limit' TO 'threshold';

CREATE TYPE "anomaly_source" AS ENUM ('threshold', 'learned');
CREATE TYPE "direction" AS ENUM ('up', 'down');
CREATE TYPE "recommendation_status" AS ENUM ('open', 'dismissed', 'snoozed', 'done');
CREATE TYPE "annotation_kind" AS ENUM ('deploy', 'change', 'incident', 'note');

ALTER TABLE "performance_anomaly" RENAME COLUMN "by_limit" TO "source";
ALTER TABLE "performance_anomaly"
  ALTER COLUMN "source" TYPE "anomaly_source" USING (CASE WHEN "source" THEN 'threshold' ELSE 'learned' END)::"anomaly_source",
  ALTER COLUMN "direction" TYPE "direction" USING "direction"::"direction";
ALTER INDEX "performance_anomaly_host_id_series_id_detected_at_by_limit_key"
  RENAME TO "performance_anomaly_host_id_series_id_detected_at_source_key";

ALTER TABLE "detection_override" RENAME COLUMN "limit" TO "threshold";

ALTER TABLE "recommendation_state" RENAME COLUMN "at" TO "status_at";
ALTER TABLE "recommendation_state" RENAME COLUMN "decided_by" TO "status_by";
ALTER TABLE "recommendation_state"
  ALTER COLUMN "status" TYPE "recommendation_status" USING "status"::"recommendation_status";

ALTER TABLE "annotation" ALTER COLUMN "kind" TYPE "annotation_kind" USING "kind"::"annotation_kind";

-- An export that waits with the old name of a type among its filters.
UPDATE "export_job"
SET "asked" = jsonb_set("asked", '{type}', (
  SELECT jsonb_agg(CASE WHEN type = '"limit"' THEN '"threshold"' ELSE type END) FROM jsonb_array_elements("asked" -> 'type') AS type))
WHERE "asked" ->> 'kind' = 'anomalies' AND "asked" -> 'type' ? 'limit';
