import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { markStale } from "#lib/metrics/stale-marker.ts";
import { queryInstant, queryRange } from "#lib/promql/engine.ts";
import type { QueryError } from "#lib/promql/query/error.ts";
import { MemorySeries } from "../../support/memory-series.ts";
import { EXPRESSIONS } from "../../support/promql-expressions.ts";
import { runScript } from "../../support/promql-script.ts";

const SCRIPT = `
load 1m
  requests_total{host="a"}  0+60x10 0+60x10
  requests_total{host="b"}  100 _ _ 400 stale 500
  level                     1 -1 NaN Inf 5
  bucket{le="1"}            1 2
  bucket{le="+Inf"}         4 4

eval instant at 10m rate(requests_total{host="a"}[5m])
  {host="a"} 1

# The reset at 11m counts, and the growth behind it.
eval instant at 12m increase(requests_total{host="a"}[5m])
  {host="a"} 240

eval instant at 3m requests_total{host="b"}
  requests_total{host="b"} 400

# A stale marker ends the series at once, where otherwise a sample stands for five minutes.
eval instant at 4m requests_total{host="b"}

eval instant at 10m requests_total{host="b"}
  requests_total{host="b"} 500

eval instant at 10m1s requests_total{host="b"}

eval instant at 4m sum_over_time(level[1m])
  {} Inf

eval instant at 4m sort(-level or vector(1))
  {} -5

eval instant at 1m histogram_quantile(0.9, bucket)
  {} 1

eval_fail instant at 5m requests_total + on() group_left level == 1 or {__name__=~"requests.*"} * on(x) {__name__=~".+"}

eval range from 0 to 6m step 1m requests_total{host="b"} offset 1m
  requests_total{host="b"} _ 100 100 100 400 _ 500
`;

test("the basics are as in Prometheus: rates, resets, stale markers, the look-back", async () => {
  let count = 0;
  await runScript(SCRIPT, async (_, run) => {
    count += 1;
    await run();
  });
  assert.equal(count, 11);
});

const value = fc.oneof(
  fc.integer({ min: -5, max: 50 }),
  fc.double({ min: -1e6, max: 1e6 }),
  fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -1e308, 1e-300),
);

/** Samples a few seconds apart, with pauses of minutes and stale markers. */
const samples = fc.array(
  fc.record({
    value,
    after: fc.oneof(fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 1, max: 900_000 })),
    stale: fc.boolean().map((is) => is && Math.random() < 0.1),
  }),
  { minLength: 1, maxLength: 60 },
);

function addSamples(
  series: MemorySeries,
  labels: Record<string, string>,
  run: { value: number; after: number; stale: boolean }[],
) {
  let at = 0;
  const times = run.map(({ after }) => {
    at += after;
    return at;
  });
  const values = Float64Array.from(run, (sample) => sample.value);
  for (const [n, { stale }] of run.entries()) if (stale) markStale(values, n);
  series.add(labels, times, values);
}

const sameNumber = (a: number, b: number) => Object.is(a, b) || a === b;

test("a range query gives at each step what an instant query gives there", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(samples, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(...EXPRESSIONS),
      fc.integer({ min: 1_000, max: 400_000 }),
      async (runs, query, stepMs) => {
        const series = new MemorySeries();
        for (const [n, run] of runs.entries())
          addSamples(
            series,
            { __name__: n % 2 === 0 ? "gauge" : "counter_total", host: `h${n % 3}`, le: String(n) },
            run,
          );
        const range = { fromMs: 300_000, toMs: 300_000 + 9 * stepMs, stepMs };
        const outcome = await queryRange(series, query, range).catch((error: QueryError) => error);
        // An error at one step ends the whole range.
        if (outcome instanceof Error) return assert.equal(outcome.name, "DomainError");
        for (let at = range.fromMs; at <= range.toMs; at += stepMs) {
          const at1 = query
            .replaceAll("start()", String(range.fromMs / 1000))
            .replaceAll("end()", String(range.toMs / 1000));
          const instant = await queryInstant(series, at1, at);
          const found = new Map<string, number>();
          if (instant.type === "scalar") found.set("", instant.value);
          if (instant.type === "vector") for (const { labels, value } of instant.samples) found.set(labels.key, value);
          for (const { labels, times, values } of outcome) {
            const index = times.indexOf(at);
            const own = index < 0 ? undefined : (values[index] as number);
            const wanted = found.get(labels.key);
            found.delete(labels.key);
            const isSame = own === undefined || wanted === undefined ? own === wanted : sameNumber(own, wanted);
            assert.ok(isSame, `${query} at ${at}: ${labels} is ${own} in the range and ${wanted} at the instant`);
          }
          assert.equal(found.size, 0, `${query} at ${at}: ${[...found.keys()]} are missing in the range`);
        }
      },
    ),
    { numRuns: 400 },
  );
});

test("a selector that stands twice is read once, and each for the whole range", async () => {
  const series = new MemorySeries();
  series.add({ __name__: "a" }, [1_000, 2_000], [1, 2]);
  await queryRange(series, "a / (a + a offset 1s) > bool 0", { fromMs: 0, toMs: 60_000, stepMs: 1_000 });
  assert.equal(series.reads, 1);
});

const kindOf = (run: Promise<unknown>) =>
  run.then(
    () => "done",
    (error: QueryError) => `${error.errorType}: ${error.message}`,
  );

test("too many steps, too many samples, too long and nobody waiting each end a query with its reason", async () => {
  const series = new MemorySeries();
  const times = Array.from({ length: 10_000 }, (_, n) => n * 1_000);
  for (const host of ["a", "b", "c"]) series.add({ __name__: "a", host }, times, times);
  const range = { fromMs: 0, toMs: 9_999_000, stepMs: 1_000 };
  assert.match(
    await kindOf(queryRange(series, "a", { ...range, stepMs: 500 })),
    /^bad_data: exceeded maximum resolution of 11,000 points/,
  );
  assert.match(
    await kindOf(queryRange(series, "a", range, { samples: 20_000 })),
    /^execution: query processing would load too many samples/,
  );
  const long = "quantile_over_time(0.5, a[1h]) + stddev_over_time(a[2h]) + quantile_over_time(0.9, a[2h])";
  assert.match(await kindOf(queryRange(series, long, range, { timeMs: 1 })), /^timeout: query timed out/);
  assert.match(
    await kindOf(queryRange(series, "a", range, { signal: AbortSignal.abort() })),
    /^canceled: query was canceled/,
  );
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 5);
  assert.match(await kindOf(queryRange(series, long, range, { signal: controller.signal })), /^canceled/);
  // Years of seconds are refused before their columns are made.
  assert.match(await kindOf(queryInstant(series, "vector(1)[100y:1ms]", 0)), /^execution/);
  assert.match(await kindOf(queryRange(series, '"text"', range)), /^bad_data: invalid expression type "string"/);
});
