import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { queryInstant, queryRange } from "#lib/promql/engine.ts";
import { LabelSet } from "#lib/promql/series/labels.ts";
import { awkwardSeries, START } from "../support/awkward-series.ts";
import { DebianPrometheus, missingDebianPrometheus } from "../support/debian-prometheus.ts";
import { MemorySeries } from "../support/memory-series.ts";
import { assertSame, type Columns, readAnswer } from "../support/prometheus-answers.ts";
import { EXPRESSIONS } from "../support/promql-expressions.ts";

const missing = await missingDebianPrometheus();
const skip = missing ?? false;

const HISTOGRAMS = `
histogram_quantile(0.5, latency_bucket)
histogram_quantile(0.99, sum by (le, route) (rate(latency_bucket[5m])))
histogram_quantile(0, latency_bucket)
histogram_quantile(1, latency_bucket)
histogram_quantile(1.1, latency_bucket)
histogram_quantile(-0.1, latency_bucket)
histogram_quantile(NaN, latency_bucket)
histogram_quantile(0.9, latency_bucket{le!="+Inf"})
histogram_quantile(0.9, latency_bucket{le=~"0.1|.Inf"} > 3)
histogram_quantile(0.9, rate(latency_bucket[1m]) - rate(latency_bucket[1m] offset 5m))
sum(rate(latency_bucket{le="0.25"}[5m])) by (route) / sum(rate(latency_bucket{le="+Inf"}[5m])) by (route)
latency_bucket{route=~"/c.*", le!~"0.*"}
latency_bucket{route!=""}
latency_bucket{route=""}
latency_bucket{route=~".*\\n"}
label_replace(latency_bucket{le="1"}, "path", "$1", "route", "/(\\\\w*).*")
count by (route) (latency_bucket)
topk by (route) (2, latency_bucket)
max_over_time(histogram_quantile(0.9, sum by (le) (rate(latency_bucket[2m])))[10m:1m])
`;

/** What fails in both: the reason is in the data. */
const FAILURES = `
gauge * on (host) counter_total
gauge * on (host) group_left counter_total
label_replace(gauge, "host", "", "host", ".*") + 0
label_replace({__name__=~"gauge|counter_total"}, "__name__", "x", "host", ".*")
-{__name__=~"gauge|counter_total"}
rate({__name__=~"gauge|counter_total"}[5m])
label_replace(gauge, "no-name", "", "host", ".*")
label_replace(gauge, "x", "", "host", "(")
label_join(gauge, "x", "", "no-name")
count_values("no-name", gauge)
holt_winters(gauge[5m], 0, 0.5)
holt_winters(gauge[5m], 0.5, 2)
topk(NaN, gauge)
sum(gauge) * on () group_left (host) sum by (host) (gauge)
`;

/** Of NaN and of instants past all dates Prometheus gives parts of some date, which the processor decides on: here they are NaN. */
const DATES = /^(minute|hour|day_of_week|day_of_month|day_of_year|days_in_month|month|year)\(gauge\)$/;
const isNoDate = (labels: LabelSet) => ["h2", "h3", "h5"].includes(labels.get("host"));

const lines = (text: string) => text.split("\n").filter(Boolean);
const all = [...EXPRESSIONS, ...lines(HISTOGRAMS)].map((query) =>
  query.replaceAll("@ 400", `@ ${START / 1000 + 1_500}`).replaceAll("@ 500", `@ ${START / 1000 + 1_700}`),
);

let prometheus: DebianPrometheus;
const memory = new MemorySeries();

before(async () => {
  if (missing) return;
  prometheus = await DebianPrometheus.start();
  const series = awkwardSeries();
  const inOrder = series.toSorted((a, b) => (String(LabelSet.of(a.labels)) < String(LabelSet.of(b.labels)) ? -1 : 1));
  // The first series has the earliest sample; the rest come in the order in which they are read here.
  await prometheus.write([...series.slice(0, 1), ...inOrder.filter((written) => written !== series[0])]);
  for (const { labels, times, values } of series) memory.add(labels, [...Array.from(times)], values);
});

after(() => prometheus?.remove());

const INSTANTS = [10_000, 1_000_000, 2_050_000, 3_100_500, 5_385_000, 5_700_000].map((ms) => START + ms);
const RANGES = [
  { fromMs: START - 120_000, toMs: START + 5_900_000, stepMs: 60_000 },
  { fromMs: START + 1_400_000, toMs: START + 2_400_000, stepMs: 7_000 },
];

/** What our engine gives, or the kind of its error. */
async function ours(run: Promise<Columns>): Promise<Columns | string> {
  return run.catch((error: { errorType?: string }) => error.errorType ?? String(error));
}

async function instantColumns(query: string, atMs: number): Promise<Columns> {
  const result = await queryInstant(memory, query, atMs);
  if (result.type === "vector")
    return result.samples.map(({ labels, value }) => ({ labels, times: [atMs], values: [value] }));
  if (result.type === "matrix") return result.series;
  return [{ labels: LabelSet.EMPTY, times: [atMs], values: [result.type === "scalar" ? result.value : Number.NaN] }];
}

for (const query of all)
  test(`${query} is as in Debian's Prometheus`, { skip }, async () => {
    const differences = DATES.test(query) ? { unlike: isNoDate } : {};
    for (const atMs of INSTANTS) {
      const theirs = readAnswer(await prometheus.ask("query", { query, time: String(atMs / 1000) }));
      assertSame(await ours(instantColumns(query, atMs)), theirs, `${query} at ${atMs - START} ms`, differences);
    }
    for (const range of RANGES) {
      const { fromMs, toMs, stepMs } = range;
      const parameters = { query, start: String(fromMs / 1000), end: String(toMs / 1000), step: String(stepMs / 1000) };
      const theirs = readAnswer(await prometheus.ask("query_range", parameters));
      assertSame(await ours(queryRange(memory, query, range)), theirs, `${query} each ${stepMs} ms`, differences);
    }
  });

for (const query of lines(FAILURES))
  test(`${query} fails as in Debian's Prometheus`, { skip }, async () => {
    const atMs = START + 2_000_000;
    const theirs = readAnswer(await prometheus.ask("query", { query, time: String(atMs / 1000) }));
    assert.equal(theirs, "execution", `Prometheus: ${JSON.stringify(theirs)}`);
    assert.equal(await ours(instantColumns(query, atMs)), theirs);
  });

test("what the grammar makes of operators is what Prometheus makes of them", { skip }, async () => {
  const operators = ["+", "-", "*", "/", "%", "^", "== bool", "!= bool", "> bool", "<= bool", "atan2"];
  const numbers = ["2", "-3", "0.5", "+4", "(1 - 2)", "-(2)", "0x10", "1e1", "-(7)", "time()"];
  for (let n = 0; n < 300; n++) {
    const pick = <T>(from: T[], salt: number) => from[(n * 7919 + salt * 104_729 + n * n * salt) % from.length] as T;
    const query =
      [1, 2, 3, 4].map((salt) => `${pick(numbers, salt)} ${pick(operators, salt + 4)} `).join("") + pick(numbers, 9);
    const theirs = readAnswer(await prometheus.ask("query", { query, time: "1000" }));
    assertSame(await ours(instantColumns(query, 1_000_000)), theirs, query, {});
  }
});
