-- What a subject did is kept by day, so that what it adds to the sums of each day can be taken back exactly: when it turns out to have been
-- exposed earlier, and when events come late. Sums are exact decimals: of doubles, squares of large values leave nothing of their variance.

-- Values whose squares no sum can hold, and times that no clock shows, are refused by now; those stored before made each batch of their subject fail.
DELETE FROM "metric_event"
WHERE abs("value") > 1e15 OR (abs("value") < 1e-12 AND "value" <> 0) OR "value" = 'NaN' OR "at" < '2000-01-01' OR "at" > now() + interval '1 day';

ALTER TABLE "exposure" ADD COLUMN "mixed" BOOLEAN NOT NULL DEFAULT false;

DROP TABLE "subject_total";
CREATE TABLE "subject_total" (
  "experiment_id" INTEGER NOT NULL,
  "subject" TEXT NOT NULL,
  "metric" TEXT NOT NULL,
  "day" DATE NOT NULL,
  "value" DOUBLE PRECISION NOT NULL,
  "count" DOUBLE PRECISION NOT NULL,
  "denominator" DOUBLE PRECISION NOT NULL,
  "pre" DOUBLE PRECISION NOT NULL,
  CONSTRAINT "subject_total_pkey" PRIMARY KEY ("experiment_id", "subject", "metric", "day")
);

INSERT INTO "subject_total"
SELECT x.experiment_id, x.subject, m.key,
  greatest((f.at AT TIME ZONE 'UTC')::date, (x.at AT TIME ZONE 'UTC')::date),
  coalesce(sum(f.value) FILTER (WHERE f.metric = m.event AND f.at >= x.at), 0),
  count(*) FILTER (WHERE f.metric = m.event AND f.at >= x.at),
  coalesce(sum(f.value) FILTER (WHERE f.metric = m.denominator AND f.at >= x.at), 0),
  coalesce(sum(f.value) FILTER (WHERE f.metric = m.event AND f.at < x.at), 0)
FROM exposure x
JOIN experiment e ON e.id = x.experiment_id
JOIN experiment_metric m ON m.experiment_id = x.experiment_id
JOIN metric_event f ON f.subject = x.subject AND f.metric IN (m.event, m.denominator)
WHERE (coalesce(cardinality(f.experiments), 0) = 0 OR e.key = ANY(f.experiments))
  AND f.at >= x.at - interval '14 days' AND f.at < coalesce(e.stopped_at, 'infinity'::timestamptz)
GROUP BY 1, 2, 3, 4;

-- Of subjects that named several variants only a number was kept, which grew whenever a batch was sent again.
DELETE FROM "experiment_total" WHERE "metric" = '!mixed';
ALTER TABLE "experiment_total"
  ALTER COLUMN "sum" TYPE DECIMAL(120, 40), ALTER COLUMN "sum_squares" TYPE DECIMAL(120, 40),
  ALTER COLUMN "denominator_sum" TYPE DECIMAL(120, 40), ALTER COLUMN "denominator_squares" TYPE DECIMAL(120, 40),
  ALTER COLUMN "denominator_product" TYPE DECIMAL(120, 40), ALTER COLUMN "pre_sum" TYPE DECIMAL(120, 40),
  ALTER COLUMN "pre_squares" TYPE DECIMAL(120, 40), ALTER COLUMN "pre_product" TYPE DECIMAL(120, 40);

DELETE FROM "experiment_total" t
WHERE "metric" <> '' AND EXISTS (SELECT 1 FROM "subject_total" s WHERE s.experiment_id = t.experiment_id AND s.metric = t.metric);

WITH grown AS (
  SELECT s.experiment_id, s.subject, s.metric, s.day, x.variant, x.dimension, m.kind,
    sum(s.value) OVER w AS value, sum(s.count) OVER w AS count, sum(s.denominator) OVER w AS d, sum(s.pre) OVER w AS p
  FROM subject_total s
  JOIN exposure x USING (experiment_id, subject)
  JOIN experiment_metric m ON m.experiment_id = s.experiment_id AND m.key = s.metric
  WINDOW w AS (PARTITION BY s.experiment_id, s.subject, s.metric ORDER BY s.day)
), reached AS (
  SELECT *, ((CASE kind WHEN 'proportion' THEN least(count, 1) WHEN 'count' THEN count ELSE value END)::text)::numeric AS x1,
    (d::text)::numeric AS d1, (p::text)::numeric AS p1
  FROM grown
), step AS (
  SELECT *, coalesce(lag(x1) OVER w, 0) AS x0, coalesce(lag(d1) OVER w, 0) AS d0, coalesce(lag(p1) OVER w, 0) AS p0
  FROM reached WINDOW w AS (PARTITION BY experiment_id, subject, metric ORDER BY day)
)
INSERT INTO "experiment_total" (experiment_id, metric, variant, dimension, day, n, sum, sum_squares, denominator_sum, denominator_squares,
  denominator_product, pre_sum, pre_squares, pre_product)
SELECT experiment_id, metric, variant, dimension, day, 0, sum(x1 - x0), sum(x1 * x1 - x0 * x0), sum(d1 - d0), sum(d1 * d1 - d0 * d0),
  sum(x1 * d1 - x0 * d0), sum(p1 - p0), sum(p1 * p1 - p0 * p0), sum(x1 * p1 - x0 * p0)
FROM step GROUP BY 1, 2, 3, 4, 5;
