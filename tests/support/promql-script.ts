import assert from "node:assert/strict";
import { markStale } from "#lib/metrics/stale-marker.ts";
import { queryInstant, queryRange } from "#lib/promql/engine.ts";
import { LabelSet } from "#lib/promql/series/labels.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";
import { readDuration, readNumber, readString } from "#lib/promql/syntax/literals.ts";
import { MemorySeries } from "./memory-series.ts";

const SERIES = /^([a-zA-Z_:][\w:]*)?\s*(\{(?:[^"'`}]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)*\})?\s*(.*)$/;
const LABEL = /(\w+)\s*=\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)/g;
const REPEATED = /^(_|[^x]+?)(?:([+-][^x+-]*(?:e[+-]?\d+)?))?x(\d+)$/i;

const durationOf = (text: string): number => readDuration(text) ?? Number(text) * 1000;
const numberOf = (text: string): number => readNumber(text) ?? Number.NaN;

/** A line such as `up{job="a"} 1 _ 2x3 stale`: labels, and values of which null is none. */
function readSeries(line: string): { labels: Record<string, string>; values: (number | null | "stale")[] } {
  const [, name, braces = "", rest = ""] = SERIES.exec(line.trim()) ?? [];
  const labels = Object.fromEntries(
    [...braces.matchAll(LABEL)].map(([, label = "", value = ""]) => [label, readString(value)]),
  );
  const values = rest.split(/\s+/).filter(Boolean).flatMap(readValues);
  return { labels: { ...labels, ...(name ? { __name__: name } : {}) }, values };
}

function readValues(item: string): (number | null | "stale")[] {
  if (item === "_") return [null];
  if (item === "stale") return ["stale"];
  const [, first = "", step, times] = REPEATED.exec(item) ?? [];
  if (times === undefined) return [numberOf(item)];
  if (first === "_") return new Array(Number(times)).fill(null);
  const values: number[] = [];
  for (let n = 0, value = numberOf(first); n <= Number(times); n++) {
    values.push(value);
    value += step ? numberOf(step) : 0;
  }
  return values;
}

function load(into: MemorySeries, stepMs: number, line: string): void {
  const { labels, values } = readSeries(line);
  const present = values.flatMap((value, n) => (value === null ? [] : [{ at: n * stepMs, value }]));
  const column = Float64Array.from(present, ({ value }) => (value === "stale" ? Number.NaN : (value as number)));
  for (const [n, { value }] of present.entries()) if (value === "stale") markStale(column, n);
  into.add(
    labels,
    present.map(({ at }) => at),
    column,
  );
}

/** As Prometheus' own tests compare: NaN with NaN, others to 1e-6 relative. */
function isClose(got: number, wanted: number): boolean {
  if (Number.isNaN(wanted)) return Number.isNaN(got);
  if (got === wanted) return true;
  const difference = Math.abs(got - wanted);
  return difference < 1e-12 || difference / Math.min(Math.abs(got) + Math.abs(wanted), Number.MAX_VALUE) < 1e-6;
}

type Result = { labels: LabelSet; values: (number | null)[] };

async function evaluateInstant(series: MemorySeries, query: string, atMs: number): Promise<Result[]> {
  const result = await queryInstant(series, query, atMs);
  if (result.type === "scalar") return [{ labels: LabelSet.EMPTY, values: [result.value] }];
  if (result.type !== "vector") throw new Error(`${query} gives a ${result.type}`);
  return result.samples.map(({ labels, value }) => ({ labels, values: [value] }));
}

const atSteps = ({ labels, times, values }: SeriesSamples, instants: number[]): Result => ({
  labels,
  values: instants.map((at) => {
    const index = times.indexOf(at);
    return index < 0 ? null : (values[index] as number);
  }),
});

function assertResults(got: Result[], lines: string[], isOrdered: boolean, what: string): void {
  const wanted = lines.map((line) => {
    const number = readNumber(line.trim());
    const { labels, values } = number === undefined ? readSeries(line) : { labels: {}, values: [number] };
    return { labels: LabelSet.of(labels), values };
  });
  const shown = `${what}: ${JSON.stringify(got.map(({ labels, values }) => [String(labels), values.map(String)]))}`;
  assert.equal(got.length, wanted.length, shown);
  for (const [n, { labels, values }] of wanted.entries()) {
    const own = isOrdered ? got[n] : got.find((result) => result.labels.key === labels.key);
    assert.equal(own?.labels.key, labels.key, `${shown}: no ${labels}`);
    for (const [step, value] of (own as Result).values.entries()) {
      const expected = values[step] ?? null;
      const isSame = expected === null || value === null ? expected === value : isClose(value, expected as number);
      assert.ok(isSame, `${shown}: ${labels} is ${value} and not ${expected} at step ${step}`);
    }
  }
}

const INSTANT = /^eval(_fail|_ordered|_warn|_info)?\s+instant\s+at\s+(\S+)\s+(.+)$/;
const RANGE = /^eval(_fail|_warn|_info)?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$/;

/**
 * Runs a script in the format of Prometheus' own tests of expressions (load, clear, eval, eval_fail, eval_ordered): `onEval` is called for each
 * evaluation, with what it asserts.
 */
export async function runScript(
  text: string,
  onEval: (name: string, run: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const series = new MemorySeries();
  const lines = text.split("\n").map((line) => line.replace(/^\s*#.*$/, ""));
  for (let n = 0; n < lines.length; ) {
    const line = (lines[n] as string).trim();
    const at = n + 1;
    const block: string[] = [];
    for (n++; /^\s+\S/.test(lines[n] ?? ""); n++) block.push(lines[n] as string);
    const name = `line ${at}: ${line}`;
    if (line.startsWith("clear")) series.clear();
    else if (line.startsWith("load"))
      for (const item of block) load(series, durationOf(line.split(/\s+/)[1] ?? ""), item);
    const [, how, instant, query] = INSTANT.exec(line) ?? [];
    const [, rangeHow, from, to, step, rangeQuery] = RANGE.exec(line) ?? [];
    if (query && instant)
      await onEval(name, async () => {
        const run = evaluateInstant(series, query, durationOf(instant));
        if (how === "_fail") await assert.rejects(run, { name: "DomainError" }, name);
        else assertResults(await run, block, how === "_ordered", name);
      });
    else if (rangeQuery && from && to && step)
      await onEval(name, async () => {
        const range = { fromMs: durationOf(from), toMs: durationOf(to), stepMs: durationOf(step) };
        const run = queryRange(series, rangeQuery, range);
        if (rangeHow === "_fail") return void (await assert.rejects(run, { name: "DomainError" }, name));
        const instants: number[] = [];
        for (let ms = range.fromMs; ms <= range.toMs; ms += range.stepMs) instants.push(ms);
        const results = (await run).map((result) => atSteps(result, instants));
        assertResults(results, block, false, name);
      });
  }
}
