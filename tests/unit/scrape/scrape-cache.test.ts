import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Drops } from "#lib/inputs/drops.ts";
import { seriesName } from "#lib/metrics/frame.ts";
import { readConfig } from "#lib/scrape/config/read-config.ts";
import { Pace } from "#lib/scrape/relabel/pace.ts";
import { ScrapeCache } from "#lib/scrape/run/scrape-cache.ts";

const TEXT = "text/plain; version=0.0.4";
const TARGET = { job: "t", instance: "i" };

function cacheOf(more = ""): ScrapeCache {
  const { settings } = readConfig(`job_name: t\nstatic_configs: [{targets: [x]}]\n${more}`);
  return new ScrapeCache(settings, TARGET);
}

async function parse(cache: ScrapeCache, body: string, at: number) {
  const counts = { scraped: 0, kept: 0, added: 0, drops: new Drops() };
  const pace = new Pace(performance.now() + 60_000, "late");
  const series = await cache.parse({ body, contentType: TEXT }, at, counts, pace);
  const samples = series.map(({ metric, labels, samples: own }) => [
    seriesName(metric, labels),
    ...own.map((sample) => [sample.at, sample.stale ? "stale" : sample.value]),
  ]);
  const { drops, ...own } = counts;
  return { counts: own, drops: drops.list(), samples, series };
}

test("series that end are marked once, those with a time of their own never, and labels stay the same objects", async () => {
  const cache = cacheOf();
  const first = await parse(cache, "# TYPE a counter\na 1\nb 2 5\nc 3\n", 10);
  assert.deepEqual(first.samples, [
    ['a{instance="i",job="t"}', [10, 1]],
    ['b{instance="i",job="t"}', [5, 2]],
    ['c{instance="i",job="t"}', [10, 3]],
  ]);
  assert.deepEqual(first.counts, { scraped: 3, kept: 3, added: 3 });
  assert.equal(first.series[0]?.kind, "counter");
  const second = await parse(cache, "c 4\n", 20);
  assert.deepEqual(second.samples, [
    ['c{instance="i",job="t"}', [20, 4]],
    ['a{instance="i",job="t"}', [20, "stale"]],
  ]);
  assert.equal(second.counts.added, 0);
  assert.equal(second.series[0]?.labels, first.series[2]?.labels);
  assert.deepEqual((await parse(cache, "c 4\n", 30)).samples, [['c{instance="i",job="t"}', [30, 4]]]);
  assert.deepEqual(
    cache.end(40).map(({ metric, samples }) => [metric, samples[0]?.stale]),
    [["c", true]],
  );
  assert.deepEqual(cache.end(50), []);
});

test("what the target says of job and instance is kept as exported_, or wins where the configuration honours it", async () => {
  const body = 'a{job="own",exported_job="x"} 1\n';
  assert.equal(
    (await parse(cacheOf(), body, 1)).samples[0]?.[0],
    'a{exported_exported_job="own",exported_job="x",instance="i",job="t"}',
  );
  assert.equal(
    (await parse(cacheOf("honor_labels: true"), body, 1)).samples[0]?.[0],
    'a{exported_job="x",instance="i",job="own"}',
  );
});

test("over its limit, with a label twice or without a valid name, nothing of a body is stored", async () => {
  const cache = cacheOf("sample_limit: 2");
  await assert.rejects(parse(cache, "a 1\nb 1\nc 1\n", 1), /3 samples, over the sample_limit of 2/);
  assert.deepEqual(cache.end(2), []);
  await assert.rejects(parse(cacheOf(), 'a{b="1",b="2"} 1\n', 1), /a label twice/);
  const rule = "metric_relabel_configs: [{target_label: __name__, replacement: '1'}]";
  await assert.rejects(parse(cacheOf(rule), "a 1\n", 1), /no valid name after metric_relabel_configs/);
});

test("a series a hundred thousand times, and a label of ten million letters, are read in no time", async () => {
  const many = Array.from({ length: 100_000 }, (_, n) => `a 1 ${n}`).join("\n");
  assert.equal((await parse(cacheOf(), many, 1)).counts.scraped, 100_000);
  assert.equal((await parse(cacheOf(), `a{b="${"x".repeat(10_000_000)}"} 1\n`, 1)).counts.scraped, 1);
});

test("of each body only its names are remembered, not the body", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const cache = cacheOf();
  const filler = `# ${"x".repeat(500_000)}\n`;
  collect();
  const before = process.memoryUsage().heapUsed;
  let series = "";
  for (let n = 0; n < 100; n++) {
    series += `# HELP metric_with_a_long_name_${n} Some help that is long enough\nmetric_with_a_long_name_${n}{label="some value that is long"} 1\n`;
    await parse(cache, filler + series, n);
  }
  collect();
  assert.ok(process.memoryUsage().heapUsed - before < 10_000_000);
});

const LONG = "(?:[ab]*a[ab]{240})c?";
const RULES = `metric_relabel_configs: [{source_labels: [b], regex: "${LONG}", target_label: c}]`;

test("a label that is too long to store is counted and named, and rules never look at it", async () => {
  const { drops, samples, counts } = await parse(cacheOf(RULES), `a{b="${"ab".repeat(50_000)}"} 1\ngood 1\n`, 1);
  assert.deepEqual(samples, [['good{instance="i",job="t"}', [1, 1]]]);
  assert.deepEqual(counts, { scraped: 2, kept: 1, added: 1 });
  assert.equal(drops[0]?.reason, "labels_too_long");
  assert.match(drops[0]?.example ?? "", /^a\{b="abab.*: a label is over 1000 characters$/);
});

test("rules that make labels longer and longer, or more and more, drop the sample by name", async () => {
  const grows = Array(20).fill('{source_labels: [b], target_label: b, replacement: "$1$1"}').join();
  const doubles = Array.from(
    { length: 20 },
    (_, n) => `{action: labelmap, regex: "(.*)", replacement: "x${n}_$1"}`,
  ).join();
  for (const rules of [grows, doubles]) {
    const { drops, samples } = await parse(cacheOf(`metric_relabel_configs: [${rules}]`), 'a{b="x"} 1\n', 1);
    assert.deepEqual([samples, drops[0]?.reason], [[], "labels_too_long"]);
  }
});

test("while many samples are relabelled others have their turn, and a scrape that is late or stopped ends", async () => {
  const body = Array.from({ length: 100 }, (_, n) => `a{b="${"ab".repeat(400)}${n}"} 1`).join("\n");
  const counts = { scraped: 0, kept: 0, added: 0, drops: new Drops() };
  const run = (pace: Pace) => cacheOf(RULES).parse({ body, contentType: TEXT }, 1, counts, pace);
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  try {
    await run(new Pace(performance.now() + 60_000, "late"));
  } finally {
    clearInterval(timer);
  }
  assert.ok(turns > 1, `${turns} turns`);
  await assert.rejects(run(new Pace(performance.now(), "late")), /^Error: late$/);
  const stopped = AbortSignal.abort();
  await assert.rejects(run(new Pace(performance.now() + 60_000, "late", stopped)), /stopped/);
});
