import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Database } from "#lib/db/client.ts";
import { readExperiment } from "#lib/experiments/read-experiments.ts";
import { readResults } from "#lib/experiments/read-results.ts";
import { type EventInput, ingestEvents, ingestExposures } from "#lib/experiments/record-events.ts";
import { seededNormal, seededRandom } from "#lib/stats/random.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { people, START, startExperiment } from "../support/experiments.ts";

let db: Database;

before(async () => {
  ({ db } = await freshDatabase());
});

const started = (key: string, more: object = {}) => startExperiment(db, key, more);

/** All sums of an experiment, made anew from the single events. */
async function recomputed(id: number) {
  return db.$queryRaw<
    { metric: string; variant: string; sum: number; squares: number; pre: number; product: number }[]
  >`
    WITH own AS (
      SELECT m.key AS metric, m.kind, x.variant, x.subject,
        coalesce(sum(f.value) FILTER (WHERE f.metric = m.event AND f.at >= x.at), 0) AS value,
        count(*) FILTER (WHERE f.metric = m.event AND f.at >= x.at) AS count,
        coalesce(sum(f.value) FILTER (WHERE f.metric = m.event AND f.at < x.at AND f.at >= x.at - interval '14 days'), 0) AS pre
      FROM exposure x JOIN experiment_metric m USING (experiment_id) JOIN metric_event f ON f.subject = x.subject AND f.metric IN (m.event, m.denominator)
      WHERE x.experiment_id = ${id} GROUP BY 1, 2, 3, 4
    ), worth AS (
      SELECT metric, variant, pre, CASE kind WHEN 'proportion' THEN least(count, 1)::float8 WHEN 'count' THEN count::float8 ELSE value END AS x FROM own
    )
    SELECT metric, variant, sum(x) AS sum, sum(x * x) AS squares, sum(pre) AS pre, sum(x * pre) AS product FROM worth GROUP BY 1, 2 ORDER BY 1, 2`;
}

async function kept(id: number) {
  return db.$queryRaw<
    { metric: string; variant: string; sum: number; squares: number; pre: number; product: number }[]
  >`
    SELECT metric, variant, sum(sum)::float8 AS sum, sum(sum_squares)::float8 AS squares, sum(pre_sum)::float8 AS pre, sum(pre_product)::float8 AS product
    FROM experiment_total WHERE experiment_id = ${id} AND metric NOT IN ('', '!mixed') GROUP BY 1, 2 ORDER BY 1, 2`;
}

function assertNear(actual: object[], expected: object[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((row, n) => {
    for (const [field, value] of Object.entries(row)) {
      const wanted = (expected[n] as Record<string, unknown>)[field];
      if (typeof value === "number") {
        const apart = Math.abs(value - Number(wanted));
        assert.ok(apart <= 1e-6 * Math.max(1, Math.abs(value)), `${field}: ${value} ${wanted}`);
      } else assert.equal(value, wanted);
    }
  });
}

test("sums kept as events come, late, twice and out of order, are those of all events at once", async () => {
  const id = await started("ingest");
  const { exposures, events } = people("i", 400, 0.1);
  const random = seededRandom(5);
  const shuffled = [...events].sort(() => random() - 0.5);
  await ingestEvents(db, shuffled.slice(0, 500));
  await ingestExposures(db, id, exposures.slice(0, 250));
  await ingestEvents(db, shuffled.slice(400, 1_200));
  assert.equal(await ingestExposures(db, id, exposures), 150);
  assert.equal(await ingestEvents(db, shuffled), shuffled.length - 1_200);
  assert.equal(await ingestEvents(db, shuffled), 0);
  assert.equal(await ingestExposures(db, id, exposures), 0);
  assertNear(await kept(id), await recomputed(id));
  const { subjects, quality } = await readResults(db, await readExperiment(db, "ingest"), START + 6 * DAY_MS);
  assert.equal(
    subjects.reduce((sum, { n }) => sum + n, 0),
    400,
  );
  assert.equal(quality.mixed, 0);
});

test("the greatest and the smallest values of events are summed, not an error of ours", async () => {
  const id = await started("extremes");
  await ingestExposures(db, id, [{ subject: "x", variant: "a", at: START }]);
  const values = [1e100, -1e100, 1e-200, 5e-324, 0];
  const events = values.map((value, n) => ({ id: `x ${n}`, subject: "x", metric: "purchase", value, at: START + n }));
  assert.equal(await ingestEvents(db, events), values.length);
  const tiny = { id: "x tiny", subject: "x", metric: "purchase", value: 1e-99, at: START + 9 };
  assert.equal(await ingestEvents(db, [tiny]), 1);
});

const sumsOf = (id: number) =>
  db.experimentTotal.findMany({
    where: { experimentId: id, metric: { not: "!mixed" } },
    orderBy: [{ metric: "asc" }, { variant: "asc" }, { dimension: "asc" }, { day: "asc" }],
    omit: { experimentId: true },
  });
/** Days to which nothing adds up say nothing. */
const shown = async (id: number) =>
  (await sumsOf(id))
    .map((row) =>
      Object.entries(row).map(([name, value]) => `${name} ${value instanceof Date ? +value : String(value)}`),
    )
    .filter((row) => row.some((field) => /^(n|sum|preSum|denominatorSum) -?[1-9]/.test(field)));

test("in whatever order and batches exposures and events come, the sums of every day are the same to the last digit", async () => {
  const { exposures, events } = people("order", 60, 0.1);
  // Some are exposed again, later and earlier, and to the other variant; events lie over eight days.
  const again = exposures.slice(0, 20).flatMap((exposure, n) => [
    { ...exposure, at: exposure.at + DAY_MS, variant: n % 3 === 0 ? "b" : exposure.variant },
    { ...exposure, at: exposure.at - 3 * HOUR_MS, variant: n % 4 === 0 ? "a" : exposure.variant, dimension: "tablet" },
  ]);
  const late = events.map((event, n) => ({ ...event, id: `late ${event.id}`, at: event.at + (n % 8) * DAY_MS }));
  type Step = { exposures?: typeof exposures; events?: EventInput[] };
  const ways: ((random: () => number) => Step[])[] = [
    () => [{ exposures: [...exposures, ...again] }, { events: [...events, ...late] }],
    () => [{ events: [...events, ...late] }, { exposures: [...again, ...exposures] }],
    (random) =>
      [...exposures, ...again, ...events, ...late]
        .sort(() => random() - 0.5)
        .map((item): Step => ("variant" in item ? { exposures: [item] } : { events: [item] })),
    (random) => {
      const steps = Array.from({ length: 30 }, (): Required<Step> => ({ exposures: [], events: [] }));
      for (const item of [...exposures, ...again])
        for (let n = 0; n < 2; n++) steps[Math.floor(random() * 30)]?.exposures.push(item);
      for (const item of [...events, ...late]) steps[Math.floor(random() * 30)]?.events.push(item);
      return steps;
    },
  ];
  const found: string[][][] = [];
  const mixed: number[] = [];
  for (const [n, way] of ways.entries()) {
    await db.metricEvent.deleteMany();
    const id = await started(`order-${n}`);
    for (const step of way(seededRandom(n))) {
      if (step.exposures?.length) await ingestExposures(db, id, step.exposures);
      if (step.events?.length) await ingestEvents(db, step.events);
    }
    found.push(await shown(id));
    mixed.push((await readResults(db, await readExperiment(db, `order-${n}`), START + 12 * DAY_MS)).quality.mixed);
    assertNear(await kept(id), await recomputed(id));
  }
  for (const sums of found) assert.deepEqual(sums, found[0]);
  assert.equal(new Set(mixed).size, 1, `${mixed}`);
  assert.ok((mixed[0] ?? 0) > 0 && (mixed[0] ?? 0) <= 20);
  assert.ok(
    new Set(found[0]?.map((row) => row.find((field) => field.startsWith("day ")))).size >= 8,
    "each day has its own",
  );
});

test("values that are large beside how they vary keep their variance, and their verdict", async () => {
  const id = await started("large", {
    plan: { engine: "fixed", minSubjects: 20 },
    metrics: [
      { key: "stamp", role: "primary", kind: "mean", event: "stamp" },
      { key: "share", kind: "ratio", event: "stamp", denominator: "base" },
    ],
  });
  const normal = seededNormal(seededRandom(77));
  const subjects = Array.from({ length: 400 }, (_, n) => ({
    subject: `l${n}`,
    variant: n % 2 === 0 ? "a" : "b",
    at: START,
  }));
  await ingestExposures(db, id, subjects);
  await ingestEvents(
    db,
    subjects.flatMap(({ subject, variant }, n) => [
      {
        id: `l stamp ${n}`,
        subject,
        metric: "stamp",
        value: 1.7e12 + 1e3 * normal() + (variant === "b" ? 1e3 : 0),
        at: START + 1,
      },
      { id: `l base ${n}`, subject, metric: "base", value: 1.7e12, at: START + 1 },
    ]),
  );
  const { metrics, verdict } = await readResults(db, await readExperiment(db, "large"), START + DAY_MS);
  const [stamp] = metrics[0]?.comparisons ?? [];
  assert.ok(Math.abs((stamp?.effect ?? 0) * 1.7e12 - 1e3) < 300, JSON.stringify(stamp));
  assert.ok(Math.abs((stamp?.stderr ?? 0) * 1.7e12 - 100) < 10, JSON.stringify(stamp));
  assert.equal(verdict.decision, "ship");
  assert.ok((metrics[1]?.comparisons[0]?.stderr ?? 0) > 0, "the ratio too");
});
