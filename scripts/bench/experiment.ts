import type { Database } from "#lib/db/client.ts";
import type { EventInput } from "#lib/experiments/record-events.ts";
import { median } from "#lib/stats/quantile.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import type { BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { round } from "./statistics.ts";

const START = Date.UTC(2026, 0, 5);
const BATCH = 5_000;
const BATCHES = 8;
const METRICS = 20;
const MANY = 10_000_000;

const plan = {
  key: "bench",
  name: "Bench",
  variants: [{ key: "a" }, { key: "b" }],
  metrics: Array.from({ length: METRICS }, (_, n) => ({
    key: `m${n}`,
    event: `event${n}`,
    kind: n % 2 === 0 ? "mean" : "proportion",
    role: n === 0 ? "primary" : "secondary",
  })),
};

const exposuresFrom = (from: number) =>
  Array.from({ length: BATCH }, (_, n) => ({
    subject: `s${from + n}`,
    variant: n % 2 === 0 ? "a" : "b",
    at: START + n,
  }));

const eventsFrom = (from: number) =>
  Array.from(
    { length: BATCH },
    (_, n): EventInput => ({
      id: `e${from + n}`,
      subject: `s${from + n}`,
      metric: `event${n % METRICS}`,
      value: n % 7,
      at: START + MINUTE_MS + n,
    }),
  );

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Ten million exposures made by the server itself; their sums as ingest would have kept them. */
async function addMany(db: Database, id: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO exposure (experiment_id, subject, variant, dimension, at)
    SELECT ${id}, 'm' || n, CASE WHEN n % 2 = 0 THEN 'a' ELSE 'b' END, '', to_timestamp(${START / 1000}) + n * interval '100 ms'
    FROM generate_series(1, ${MANY}) n`;
  await db.$executeRaw`
    INSERT INTO experiment_total AS e SELECT ${id}, '', variant, dimension, (at AT TIME ZONE 'UTC')::date, count(*), 0, 0, 0, 0, 0, 0, 0, 0
    FROM exposure WHERE experiment_id = ${id} AND subject LIKE 'm%' GROUP BY 3, 4, 5
    ON CONFLICT (experiment_id, metric, variant, dimension, day) DO UPDATE SET n = e.n + excluded.n`;
  await db.$executeRaw`
    INSERT INTO experiment_total AS e SELECT ${id}, 'm' || m, variant, dimension, day, 0, n * 0.5, n, 0, 0, 0, 0, 0, 0
    FROM experiment_total CROSS JOIN generate_series(0, ${METRICS - 1}) m WHERE experiment_id = ${id} AND metric = ''
    ON CONFLICT (experiment_id, metric, variant, dimension, day) DO UPDATE SET sum = e.sum + excluded.sum, sum_squares = e.sum_squares + excluded.sum_squares`;
}

async function measure(url: string): Promise<BenchResult> {
  const [{ openDatabase }, store, exposures, query, { readResults }, { experimentSchema }] = await Promise.all([
    import("#lib/db/client.ts"),
    import("#lib/experiments/write-experiments.ts"),
    import("#lib/experiments/record-events.ts"),
    import("#lib/experiments/read-experiments.ts"),
    import("#lib/experiments/read-results.ts"),
    import("#lib/contract/experiment-plans.ts"),
  ]);
  const db = openDatabase(url, { maxConnections: 3, queryLimitMs: 900_000 });
  const actor = { userId: null, now: START };
  const id = await store.createExperiment(db, experimentSchema.parse(plan), actor);
  await store.moveExperiment(db, id, "start", actor);
  const batches = Array.from({ length: BATCHES }, (_, n) => n * BATCH);
  const exposing = await seconds(async () => {
    for (const from of batches) await exposures.ingestExposures(db, id, exposuresFrom(from));
  });
  console.error(`… ${BATCH * BATCHES} exposures in ${round(exposing)} s`);
  const eventing = await seconds(async () => {
    for (const from of batches) await exposures.ingestEvents(db, eventsFrom(from));
  });
  console.error(`… as many events in ${round(eventing)} s`);
  await addMany(db, id);
  const experiment = await query.readExperiment(db, "bench");
  const times: number[] = [];
  for (let n = 0; n < 5; n++) times.push(await seconds(() => readResults(db, experiment, START + 12 * DAY_MS)));
  await db.$disconnect();
  return {
    exposuresPerSecond: Math.round((BATCH * BATCHES) / exposing),
    eventsPerSecond: Math.round((BATCH * BATCHES) / eventing),
    resultsExposures: MANY + BATCH * BATCHES,
    resultsMetrics: METRICS,
    resultsMs: round(median(times)) * 1000,
  };
}

/** Exposures and events taken in, durable, in batches of 5,000; and the results of ten million exposures and twenty metrics. */
export const run = (): Promise<BenchResult> => onCluster(({ url }) => measure(url));
