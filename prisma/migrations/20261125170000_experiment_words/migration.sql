-- A slice of an experiment's subjects is a dimension, as in GrowthBook.
ALTER TABLE "exposure" RENAME COLUMN "segment" TO "dimension";
ALTER TABLE "experiment_total" RENAME COLUMN "segment" TO "dimension";

-- The plan says traffic allocation and dimension.
UPDATE "experiment" SET "plan" = ("plan" - 'coverage') || jsonb_build_object('trafficAllocation', "plan" -> 'coverage')
WHERE "plan" ? 'coverage';
UPDATE "experiment" SET "plan" = ("plan" - 'segment') || jsonb_build_object('dimension', "plan" -> 'segment')
WHERE "plan" ? 'segment';

-- The history names fields as the API does: max_days.
UPDATE "experiment_change" SET "change" = (
  SELECT jsonb_object_agg(
    CASE key WHEN 'coverage' THEN 'traffic_allocation' WHEN 'segment' THEN 'dimension'
      ELSE lower(regexp_replace(key, '([A-Z])', '_\1', 'g')) END,
    value)
  FROM jsonb_each("change"))
WHERE jsonb_typeof("change") = 'object' AND "change" <> '{}';

-- States that text and a comment held so far.
CREATE TYPE "experiment_kind" AS ENUM ('ab', 'hosts', 'before_after', 'switchback');
CREATE TYPE "experiment_status" AS ENUM ('draft', 'running', 'paused', 'stopped', 'archived');
CREATE TYPE "experiment_metric_role" AS ENUM ('primary', 'secondary', 'guardrail');
CREATE TYPE "experiment_metric_aggregation" AS ENUM ('mean', 'proportion', 'count', 'ratio', 'quantile');
CREATE TYPE "experiment_metric_category" AS ENUM ('efficiency', 'quality', 'performance');
CREATE TYPE "verdict_decision" AS ENUM ('ship', 'roll_back', 'keep_running', 'inconclusive');
CREATE TYPE "experiment_action" AS ENUM ('create', 'plan', 'amend', 'start', 'pause', 'resume', 'stop', 'archive');

ALTER TABLE "experiment"
  ALTER COLUMN "kind" TYPE "experiment_kind" USING "kind"::"experiment_kind",
  ALTER COLUMN "status" DROP DEFAULT,
  ALTER COLUMN "status" TYPE "experiment_status" USING "status"::"experiment_status",
  ALTER COLUMN "status" SET DEFAULT 'draft';

ALTER TABLE "experiment_metric"
  ALTER COLUMN "role" TYPE "experiment_metric_role" USING "role"::"experiment_metric_role",
  ALTER COLUMN "kind" TYPE "experiment_metric_aggregation" USING "kind"::"experiment_metric_aggregation",
  ALTER COLUMN "category" TYPE "experiment_metric_category" USING "category"::"experiment_metric_category",
  ALTER COLUMN "better" TYPE "direction" USING "better"::"direction";

ALTER TABLE "verdict" ALTER COLUMN "decision" TYPE "verdict_decision" USING "decision"::"verdict_decision";
ALTER TABLE "experiment_change" ALTER COLUMN "action" TYPE "experiment_action" USING "action"::"experiment_action";
