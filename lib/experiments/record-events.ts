import type { Connection, Database } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { mayCount, type PublishableKey } from "#lib/experiments/publishable-keys.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** A subject saw a variant at an instant (ms); `dimension` is its value of the attribute that results are split by. */
export type ExposureInput = { subject: string; variant: string; at: number; dimension?: string | undefined };

/** A subject did something at an instant (ms). The id makes sending it again harmless. */
export type EventInput = { id: string; subject: string; metric: string; value: number; at: number };

/** Events of so long before an exposure are the covariate of CUPED. */
const BEFORE_DAYS = 14;

/** One writer at a time: two that bring events of one subject would each add to the same old total. */
const lock = (tx: Connection) => tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('experiment totals'))`;

/** Totals that are of no metric: how many were exposed, and exposures that named another variant than their subject's first. */
export const EXPOSED = "";
export const MIXED = "!mixed";

const INSERT_TOTALS = Prisma.sql`
  INSERT INTO experiment_total AS e (experiment_id, metric, variant, dimension, day, n, sum, sum_squares, denominator_sum,
    denominator_squares, denominator_product, pre_sum, pre_squares, pre_product)`;

/** A subject's value of a metric by its totals: the sum, the number of events, or whether there was any. */
const metricValue = (total: string) =>
  Prisma.raw(`CASE m.kind
  WHEN 'proportion' THEN (CASE WHEN ${total}.count > 0 THEN 1 ELSE 0 END)
  WHEN 'count' THEN ${total}.count ELSE ${total}.value END`);

/**
 * The end of both statements: `incoming` has what each subject's totals of each metric grow by; subjects' totals grow, and the sums
 * over subjects by the difference that makes. The old totals are those of the statement's snapshot. Joins go to tables by their keys: of
 * what is only incoming no planner knows how much it is.
 */
const UPSERT_TOTALS = Prisma.sql`
  grown AS (
    INSERT INTO subject_total AS s (experiment_id, subject, metric, value, count, denominator, pre)
    SELECT experiment_id, subject, metric, value, count, denominator, pre FROM incoming
    ON CONFLICT (experiment_id, subject, metric) DO UPDATE SET value = s.value + excluded.value, count = s.count + excluded.count,
      denominator = s.denominator + excluded.denominator, pre = s.pre + excluded.pre
  ), pair AS (
    SELECT i.experiment_id, i.metric, i.variant, i.dimension, i.day,
      coalesce(${metricValue("o")}, 0) AS x0, coalesce(o.denominator, 0) AS d0, coalesce(o.pre, 0) AS p0,
      n.x1, coalesce(o.denominator, 0) + i.denominator AS d1, coalesce(o.pre, 0) + i.pre AS p1
    FROM incoming i
    JOIN experiment_metric m ON m.experiment_id = i.experiment_id AND m.key = i.metric
    LEFT JOIN subject_total o ON o.experiment_id = i.experiment_id AND o.subject = i.subject AND o.metric = i.metric
    CROSS JOIN LATERAL (
      SELECT ${metricValue("t")} AS x1 FROM (SELECT coalesce(o.value, 0) + i.value AS value, coalesce(o.count, 0) + i.count AS count) t
    ) n
  )
  ${INSERT_TOTALS}
  SELECT experiment_id, metric, variant, dimension, day, 0, sum(x1 - x0), sum(x1 * x1 - x0 * x0), sum(d1 - d0), sum(d1 * d1 - d0 * d0),
    sum(x1 * d1 - x0 * d0), sum(p1 - p0), sum(p1 * p1 - p0 * p0), sum(x1 * p1 - x0 * p0)
  FROM pair GROUP BY experiment_id, metric, variant, dimension, day
  ON CONFLICT (experiment_id, metric, variant, dimension, day) DO UPDATE SET sum = e.sum + excluded.sum,
    sum_squares = e.sum_squares + excluded.sum_squares, denominator_sum = e.denominator_sum + excluded.denominator_sum,
    denominator_squares = e.denominator_squares + excluded.denominator_squares,
    denominator_product = e.denominator_product + excluded.denominator_product, pre_sum = e.pre_sum + excluded.pre_sum,
    pre_squares = e.pre_squares + excluded.pre_squares, pre_product = e.pre_product + excluded.pre_product`;

/** What events `f` add to the metrics of experiments `e` that their subject is exposed in (`x`). */
const SELECT_INCOMING = Prisma.sql`
  SELECT x.experiment_id, x.subject, m.key AS metric, x.variant, x.dimension,
    (greatest(max(f.at), min(x.at)) AT TIME ZONE 'UTC')::date AS day,
    coalesce(sum(f.value) FILTER (WHERE f.metric = m.event AND f.at >= x.at), 0) AS value,
    (count(*) FILTER (WHERE f.metric = m.event AND f.at >= x.at))::float8 AS count,
    coalesce(sum(f.value) FILTER (WHERE f.metric = m.denominator AND f.at >= x.at), 0) AS denominator,
    coalesce(sum(f.value) FILTER (WHERE f.metric = m.event AND f.at < x.at), 0) AS pre`;

const ATTRIBUTION_WINDOW = Prisma.sql`${mayCount(Prisma.sql`e.key`)} AND f.at >= x.at - ${BEFORE_DAYS} * interval '1 day' AND f.at < coalesce(e.stopped_at, 'infinity'::timestamptz)`;

/**
 * Stores exposures of a running experiment, all or none; a subject's first one counts, and those that name another variant are counted apart.
 * Events that came before their exposure are taken up. Answers how many were new.
 */
export async function ingestExposures(db: Database, experimentId: number, exposures: ExposureInput[]): Promise<number> {
  const column = <T>(pick: (exposure: ExposureInput) => T) => exposures.map(pick);
  const input = Prisma.sql`unnest(${column((exposure) => exposure.subject)}::text[], ${column((exposure) => exposure.variant)}::text[],
    ${column((exposure) => exposure.dimension ?? "")}::text[], ${column((exposure) => exposure.at)}::float8[]) AS i(subject, variant, dimension, ms)`;
  return db.$transaction(
    async (tx) => {
      await lock(tx);
      const [counted] = await tx.$queryRaw<{ fresh: number }[]>`
        WITH fresh AS (
          INSERT INTO exposure (experiment_id, subject, variant, dimension, at)
          SELECT DISTINCT ON (subject) ${experimentId}, subject, variant, dimension, to_timestamp(ms / 1000) FROM ${input} ORDER BY subject, ms
          ON CONFLICT DO NOTHING RETURNING subject, variant, dimension, at
        ), counted AS (
          SELECT variant, dimension, (at AT TIME ZONE 'UTC')::date AS day, count(*)::float8 AS n FROM fresh GROUP BY 1, 2, 3
        ), totalled AS (
          ${INSERT_TOTALS}
          SELECT ${experimentId}, ${EXPOSED}, variant, dimension, day, n, 0, 0, 0, 0, 0, 0, 0, 0 FROM counted
          ON CONFLICT (experiment_id, metric, variant, dimension, day) DO UPDATE SET n = e.n + excluded.n
        )
        SELECT count(*)::int AS fresh FROM fresh`;
      await tx.$executeRaw`
        ${INSERT_TOTALS}
        SELECT ${experimentId}, ${MIXED}, i.variant, '', (now() AT TIME ZONE 'UTC')::date, count(*), 0, 0, 0, 0, 0, 0, 0, 0
        FROM ${input} JOIN exposure x ON x.experiment_id = ${experimentId} AND x.subject = i.subject
        WHERE x.variant <> i.variant GROUP BY i.variant
        ON CONFLICT (experiment_id, metric, variant, dimension, day) DO UPDATE SET n = e.n + excluded.n`;
      await tx.$executeRaw`
        WITH incoming AS (
          ${SELECT_INCOMING}
          FROM exposure x JOIN experiment e ON e.id = x.experiment_id
          JOIN experiment_metric m ON m.experiment_id = x.experiment_id
          JOIN metric_event f ON f.subject = x.subject AND f.metric IN (m.event, m.denominator)
          LEFT JOIN subject_total t ON t.experiment_id = x.experiment_id AND t.subject = x.subject AND t.metric = m.key
          WHERE x.experiment_id = ${experimentId} AND x.subject = ANY(${column((exposure) => exposure.subject)}::text[]) AND t.subject IS NULL AND ${ATTRIBUTION_WINDOW}
          GROUP BY 1, 2, 3, 4, 5
        ), ${UPSERT_TOTALS}`;
      return counted?.fresh ?? 0;
    },
    { timeout: MINUTE_MS },
  );
}

/** PostgreSQL refuses a square that underflows: what is that small counts as 0. */
const squarable = (value: number): number => (Math.abs(value) < 1e-100 ? 0 : value);

/** What a publishable key's events are kept apart by: the ids of others' cannot be used up by them. */
const ownIds = (events: EventInput[], key: PublishableKey | undefined) =>
  key ? events.map((event) => ({ ...event, id: `key ${key.id} ${event.id}` })) : events;

/**
 * Stores events, all or none; those whose id is there already are left out. Late ones count to the day they happened on, and those of a
 * publishable key only for its experiments. Answers how many were new.
 */
export async function ingestEvents(db: Database, input: EventInput[], key?: PublishableKey): Promise<number> {
  const events = ownIds(input, key);
  const column = <T>(pick: (event: EventInput) => T) => events.map(pick);
  return db.$transaction(
    async (tx) => {
      await lock(tx);
      const fresh = await tx.$queryRaw<{ id: string }[]>`
        INSERT INTO metric_event (id, subject, metric, value, at, experiments)
        SELECT DISTINCT ON (id) id, subject, metric, value, to_timestamp(ms / 1000), ${key?.experiments ?? []}::text[]
        FROM unnest(${column((event) => event.id)}::text[], ${column((event) => event.subject)}::text[], ${column((event) => event.metric)}::text[],
          ${column((event) => squarable(event.value))}::float8[], ${column((event) => event.at)}::float8[]) AS i(id, subject, metric, value, ms)
        ON CONFLICT DO NOTHING RETURNING id`;
      await tx.$executeRaw`
        WITH incoming AS (
          ${SELECT_INCOMING}
          FROM metric_event f JOIN exposure x USING (subject) JOIN experiment e ON e.id = x.experiment_id
          JOIN experiment_metric m ON m.experiment_id = x.experiment_id AND f.metric IN (m.event, m.denominator)
          WHERE f.id = ANY(${fresh.map(({ id }) => id)}::text[]) AND e.status <> 'archived' AND ${ATTRIBUTION_WINDOW}
          GROUP BY 1, 2, 3, 4, 5
        ), ${UPSERT_TOTALS}`;
      return fresh.length;
    },
    { timeout: MINUTE_MS },
  );
}
