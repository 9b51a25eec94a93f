import type { Connection, Database } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { mayCount, type PublishableKey } from "#lib/experiments/publishable-keys.ts";
import { addCounts, addTotals, contributions, EXPOSED, MIXED } from "#lib/experiments/totals.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** A subject saw a variant at an instant (ms); `dimension` is its value of the attribute that results are split by. */
export type ExposureInput = { subject: string; variant: string; at: number; dimension?: string | undefined };

/** A subject did something at an instant (ms). The id makes sending it again harmless. */
export type EventInput = { id: string; subject: string; metric: string; value: number; at: number };

/** Events of so long before an exposure are the covariate of CUPED. */
const BEFORE_DAYS = 14;

const TRANSACTION = { timeout: MINUTE_MS };

/** One writer at a time: two that bring events of one subject would each add to the same old total. */
const lock = (tx: Connection) => tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('experiment totals'))`;

/** What events `f` are, by day, to the metrics `m` of experiments `e` that their subject is exposed in (`x`): those before it on its day. */
const SELECT_INCOMING = Prisma.sql`
  SELECT x.experiment_id, x.subject, m.key AS metric,
    greatest((f.at AT TIME ZONE 'UTC')::date, (x.at AT TIME ZONE 'UTC')::date) AS day,
    coalesce(sum(f.value) FILTER (WHERE f.metric = m.event AND f.at >= x.at), 0) AS value,
    (count(*) FILTER (WHERE f.metric = m.event AND f.at >= x.at))::float8 AS count,
    coalesce(sum(f.value) FILTER (WHERE f.metric = m.denominator AND f.at >= x.at), 0) AS denominator,
    coalesce(sum(f.value) FILTER (WHERE f.metric = m.event AND f.at < x.at), 0) AS pre`;

const ATTRIBUTION_WINDOW = Prisma.sql`${mayCount(Prisma.sql`e.key`)} AND f.at >= x.at - ${BEFORE_DAYS} * interval '1 day' AND f.at < coalesce(e.stopped_at, 'infinity'::timestamptz)`;

const TOTAL = Prisma.sql`experiment_id, subject, metric, day, value, count, denominator, pre`;

const ofSubjects = (experimentId: number, subjects: string[]): Prisma.Sql =>
  Prisma.sql`experiment_id = ${experimentId} AND subject = ANY(${subjects}::text[])`;

/** Adds exposed subjects to the counts of their days, or takes them back. */
const countExposed = (tx: Connection, experimentId: number, subjects: string[], sign: 1 | -1) =>
  tx.$executeRaw(
    addCounts(
      experimentId,
      EXPOSED,
      Prisma.sql`
        SELECT variant, dimension, (at AT TIME ZONE 'UTC')::date AS day, ${sign}::float8 * count(*) AS n
        FROM exposure WHERE ${ofSubjects(experimentId, subjects)} GROUP BY 1, 2, 3`,
    ),
  );

/** Takes back what subjects were counted as, and their totals. */
async function forgetSubjects(tx: Connection, experimentId: number, subjects: string[]): Promise<void> {
  const own = ofSubjects(experimentId, subjects);
  await tx.$executeRaw(
    addTotals(contributions(Prisma.sql`(SELECT -1 AS sign, ${TOTAL} FROM subject_total WHERE ${own})`)),
  );
  await countExposed(tx, experimentId, subjects, -1);
  await tx.$executeRaw`DELETE FROM subject_total WHERE ${own}`;
}

/** Counts subjects whose exposure is new, or new as it is, with all that they did. */
async function countSubjects(tx: Connection, experimentId: number, subjects: string[]): Promise<void> {
  const own = ofSubjects(experimentId, subjects);
  await countExposed(tx, experimentId, subjects, 1);
  await tx.$executeRaw`
    WITH incoming AS (
      ${SELECT_INCOMING}
      FROM (SELECT * FROM exposure WHERE ${own}) x JOIN experiment e ON e.id = x.experiment_id
      JOIN experiment_metric m ON m.experiment_id = x.experiment_id
      JOIN metric_event f ON f.subject = x.subject AND f.metric IN (m.event, m.denominator)
      WHERE ${ATTRIBUTION_WINDOW} GROUP BY 1, 2, 3, 4
    ), kept AS (
      INSERT INTO subject_total (${TOTAL}) SELECT ${TOTAL} FROM incoming
    )
    ${addTotals(contributions(Prisma.sql`(SELECT 1 AS sign, ${TOTAL} FROM incoming)`))}`;
}

/**
 * Stores exposures of a running experiment, all or none. A subject's first one by its own time counts, in whatever order they come; subjects
 * that met another variant, too, are counted apart, each once. Events that came before their exposure are taken up. Answers how many
 * subjects were new.
 */
export async function ingestExposures(db: Database, experimentId: number, exposures: ExposureInput[]): Promise<number> {
  const column = <T>(pick: (exposure: ExposureInput) => T) => exposures.map(pick);
  const input = Prisma.sql`unnest(${column((exposure) => exposure.subject)}::text[], ${column((exposure) => exposure.variant)}::text[],
    ${column((exposure) => exposure.dimension ?? "")}::text[], ${column((exposure) => exposure.at)}::float8[]) AS i(subject, variant, dimension, ms)`;
  const firsts = Prisma.sql`SELECT DISTINCT ON (subject) subject, variant, dimension, to_timestamp(ms / 1000) AS at FROM ${input} ORDER BY subject, ms, variant`;
  return db.$transaction(async (tx) => {
    await lock(tx);
    const earlier = await tx.$queryRaw<{ subject: string; differs: boolean }[]>`
      SELECT f.subject, f.variant <> x.variant AS differs FROM (${firsts}) f JOIN exposure x ON x.experiment_id = ${experimentId} AND x.subject = f.subject
      WHERE f.at < x.at`;
    if (earlier.length > 0)
      await forgetSubjects(
        tx,
        experimentId,
        earlier.map(({ subject }) => subject),
      );
    const counted = await tx.$queryRaw<{ subject: string; fresh: boolean }[]>`
      INSERT INTO exposure AS x (experiment_id, subject, variant, dimension, at)
      SELECT ${experimentId}, subject, variant, dimension, at FROM (${firsts}) f
      ON CONFLICT (experiment_id, subject) DO UPDATE SET variant = excluded.variant, dimension = excluded.dimension, at = excluded.at
      WHERE excluded.at < x.at RETURNING subject, xmax = 0 AS fresh`;
    if (counted.length > 0)
      await countSubjects(
        tx,
        experimentId,
        counted.map(({ subject }) => subject),
      );
    const differing = earlier.filter(({ differs }) => differs).map(({ subject }) => subject);
    await countMixed(tx, experimentId, input, differing);
    return counted.filter(({ fresh }) => fresh).length;
  }, TRANSACTION);
}

/** Counts subjects that are found now, and only now, to have met several variants: by this batch, or by a first exposure that was another's. */
async function countMixed(tx: Connection, experimentId: number, input: Prisma.Sql, differing: string[]): Promise<void> {
  await tx.$executeRaw`
    WITH met AS (
      UPDATE exposure x SET mixed = true WHERE x.experiment_id = ${experimentId} AND NOT x.mixed AND x.subject IN (
        SELECT i.subject FROM ${input} JOIN exposure o ON o.experiment_id = ${experimentId} AND o.subject = i.subject
        WHERE i.variant <> o.variant UNION SELECT unnest(${differing}::text[])
      ) RETURNING x.variant
    )
    ${addCounts(experimentId, MIXED, Prisma.sql`SELECT variant, '' AS dimension, (now() AT TIME ZONE 'UTC')::date AS day, count(*)::float8 AS n FROM met GROUP BY 1`)}`;
}

/** What a publishable key's events are kept apart by: the ids of others' cannot be used up by them. */
const ownIds = (events: EventInput[], key: PublishableKey | undefined) =>
  key ? events.map((event) => ({ ...event, id: `key ${key.id} ${event.id}` })) : events;

/** So many events are added to the sums at once. */
const PIECE = 2_000;

/**
 * Stores events, all or none; those whose id is there already are left out. Each counts to the day it happened on, however late it comes, and
 * those of a publishable key only for its experiments. Answers how many were new.
 */
export async function ingestEvents(db: Database, input: EventInput[], key?: PublishableKey): Promise<number> {
  const events = ownIds(input, key);
  const column = <T>(pick: (event: EventInput) => T) => events.map(pick);
  return db.$transaction(async (tx) => {
    await lock(tx);
    const fresh = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO metric_event (id, subject, metric, value, at, experiments)
      SELECT DISTINCT ON (id) id, subject, metric, value, to_timestamp(ms / 1000), ${key?.experiments ?? []}::text[]
      FROM unnest(${column((event) => event.id)}::text[], ${column((event) => event.subject)}::text[], ${column((event) => event.metric)}::text[],
        ${column((event) => event.value)}::float8[], ${column((event) => event.at)}::float8[]) AS i(id, subject, metric, value, ms)
      ON CONFLICT DO NOTHING RETURNING id`;
    // In pieces: what one statement takes grows faster than what it is given, where a table has no statistics yet.
    for (let from = 0; from < fresh.length; from += PIECE) {
      const ids = fresh.slice(from, from + PIECE).map(({ id }) => id);
      await tx.$executeRaw`
        WITH incoming AS MATERIALIZED (
          ${SELECT_INCOMING}
          FROM metric_event f JOIN exposure x USING (subject) JOIN experiment e ON e.id = x.experiment_id
          JOIN experiment_metric m ON m.experiment_id = x.experiment_id AND f.metric IN (m.event, m.denominator)
          WHERE f.id = ANY(${ids}::text[]) AND e.status <> 'archived' AND ${ATTRIBUTION_WINDOW}
          GROUP BY 1, 2, 3, 4
        ), stored AS MATERIALIZED (
          SELECT s.* FROM (SELECT DISTINCT experiment_id, subject, metric FROM incoming) t JOIN subject_total s USING (experiment_id, subject, metric)
        ), grown AS (
          INSERT INTO subject_total AS s (${TOTAL}) SELECT ${TOTAL} FROM incoming
          ON CONFLICT (experiment_id, subject, metric, day) DO UPDATE SET value = s.value + excluded.value, count = s.count + excluded.count,
            denominator = s.denominator + excluded.denominator, pre = s.pre + excluded.pre
        ), moved AS (
          SELECT -1 AS sign, ${TOTAL} FROM stored UNION ALL
          SELECT 1, experiment_id, subject, metric, day, sum(value), sum(count), sum(denominator), sum(pre)
          FROM (SELECT ${TOTAL} FROM stored UNION ALL SELECT ${TOTAL} FROM incoming) u GROUP BY experiment_id, subject, metric, day
        )
        ${addTotals(contributions(Prisma.sql`moved`))}`;
    }
    return fresh.length;
  }, TRANSACTION);
}
