import { Prisma } from "#lib/db/generated/client.ts";

// How sums over subjects are kept. A subject's own totals stand by day; what it adds to the sums of a day is how far its value, and the square of
// that, moved on that day. What was added can hence be made again from its totals, and taken back, to the last digit.

/** Totals that are of no metric: how many were exposed, and how many of these met another variant than their first, too. */
export const EXPOSED = "";
export const MIXED = "!mixed";

const COLUMNS = Prisma.sql`(experiment_id, metric, variant, dimension, day, n, sum, sum_squares, denominator_sum, denominator_squares,
  denominator_product, pre_sum, pre_squares, pre_product)`;

/** Adds the rows of `select` (columns as in `COLUMNS`) to the sums that are there. */
export const addTotals = (select: Prisma.Sql): Prisma.Sql => Prisma.sql`
  INSERT INTO experiment_total AS e ${COLUMNS} ${select}
  ON CONFLICT (experiment_id, metric, variant, dimension, day) DO UPDATE SET n = e.n + excluded.n, sum = e.sum + excluded.sum,
    sum_squares = e.sum_squares + excluded.sum_squares, denominator_sum = e.denominator_sum + excluded.denominator_sum,
    denominator_squares = e.denominator_squares + excluded.denominator_squares,
    denominator_product = e.denominator_product + excluded.denominator_product, pre_sum = e.pre_sum + excluded.pre_sum,
    pre_squares = e.pre_squares + excluded.pre_squares, pre_product = e.pre_product + excluded.pre_product`;

/** Counts subjects, or what is wrong with them: rows of `select` are variant, dimension, day and how many. */
export const addCounts = (experimentId: number, metric: string, select: Prisma.Sql): Prisma.Sql =>
  addTotals(
    Prisma.sql`SELECT ${experimentId}, ${metric}, variant, dimension, day, n, 0, 0, 0, 0, 0, 0, 0, 0 FROM (${select}) c`,
  );

/** A double as an exact decimal: by its shortest text, since a cast rounds to fifteen digits. */
const exact = (column: string) => Prisma.raw(`((${column})::text)::numeric`);

/**
 * What subjects add to the sums of each day. `rows` names a relation of their totals: sign (1 to add, -1 to take back), experiment_id,
 * subject, metric, day, value, count, denominator, pre. A metric's value of a subject is the sum, the number of events, or whether there was
 * any.
 */
export const contributions = (rows: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT experiment_id, metric, variant, dimension, day, 0, sum(sign * (x1 - x0)), sum(sign * (x1 * x1 - x0 * x0)), sum(sign * (d1 - d0)),
    sum(sign * (d1 * d1 - d0 * d0)), sum(sign * (x1 * d1 - x0 * d0)), sum(sign * (p1 - p0)), sum(sign * (p1 * p1 - p0 * p0)),
    sum(sign * (x1 * p1 - x0 * p0))
  FROM (
    SELECT *, coalesce(lag(x1) OVER w, 0) AS x0, coalesce(lag(d1) OVER w, 0) AS d0, coalesce(lag(p1) OVER w, 0) AS p0 FROM (
      SELECT sign, experiment_id, subject, metric, day, variant, dimension, ${exact("denominator")} AS d1, ${exact("pre")} AS p1,
        ${exact("CASE kind WHEN 'proportion' THEN least(count, 1) WHEN 'count' THEN count ELSE value END")} AS x1
      FROM (
        SELECT r.sign, r.experiment_id, r.subject, r.metric, r.day, x.variant, x.dimension, m.kind, sum(r.value) OVER w AS value,
          sum(r.count) OVER w AS count, sum(r.denominator) OVER w AS denominator, sum(r.pre) OVER w AS pre
        FROM ${rows} r JOIN exposure x USING (experiment_id, subject)
        JOIN experiment_metric m ON m.experiment_id = r.experiment_id AND m.key = r.metric
        WINDOW w AS (PARTITION BY r.sign, r.experiment_id, r.subject, r.metric ORDER BY r.day)
      ) grown
    ) reached WINDOW w AS (PARTITION BY sign, experiment_id, subject, metric ORDER BY day)
  ) step GROUP BY experiment_id, metric, variant, dimension, day`;
