import assert from "node:assert/strict";
import { test } from "node:test";
import { formatNumber, formatPlain } from "#lib/promql/functions/numbers.ts";
import { instantParts, matrixParts } from "#lib/promql/http/answers.ts";
import { parseCount, parseLength, parseRange, parseTime } from "#lib/promql/http/parameters.ts";
import { LabelSet } from "#lib/promql/series/labels.ts";
import { legalLabel, legalMetric, likeLegal } from "#lib/promql/store/names.ts";

test("numbers are written as Prometheus writes them", () => {
  const numbers = [0, -0, 1, 0.1, 1e20, 1e21, 1.5e-7, -1e308, 123456.789, Number.NaN, Infinity, -Infinity, 5e-324];
  assert.deepEqual(numbers.map(formatNumber), [
    ...["0", "-0", "1", "0.1", "100000000000000000000", "1e+21", "1.5e-07", "-1e+308", "123456.789", "NaN"],
    ...["+Inf", "-Inf", "5e-324"],
  ]);
  assert.equal(formatPlain(1.25e22), "12500000000000000000000");
  assert.equal(formatPlain(-1.5e-7), "-0.00000015");
});

test("instants and lengths are seconds, RFC 3339 or durations; anything else names its parameter", () => {
  assert.equal(parseTime("1435781451.7814", "time"), 1_435_781_451_781);
  assert.equal(parseTime("2015-07-01T20:10:51.781Z", "time"), 1_435_781_451_781);
  assert.equal(parseTime("2015-07-01T22:10:51.781+02:00", "time"), 1_435_781_451_781);
  assert.deepEqual(
    ["15", "0.25", "1m30s", "250ms"].map((text) => parseLength(text, "step")),
    [15_000, 250, 90_000, 250],
  );
  for (const text of ["", "now", "1 2", "2015-07-01", "0x10", "1e400", "NaN"])
    assert.throws(() => parseTime(text, "start"), /invalid parameter "start"/, text);
  assert.throws(() => parseLength("1parsec", "timeout"), /invalid parameter "timeout"/);
  assert.throws(() => parseRange({ start: "2", end: "1", step: "1" }), /end timestamp must not be before start time/);
  assert.throws(() => parseRange({ start: "1", end: "2", step: "0.0001" }), /zero or negative query resolution step/);
  assert.deepEqual(
    [parseCount("3", "limit"), parseCount("-1", "limit"), parseCount(undefined, "limit")],
    [3, undefined, undefined],
  );
  assert.throws(() => parseCount("many", "limit"), /limit must be a number/);
});

test("an answer is JSON whatever labels and values are in it", () => {
  const labels = LabelSet.of({ __name__: "a", path: 'C:\\"\n', host: "é" });
  const matrix = [
    ...matrixParts([{ labels, times: Float64Array.of(500, 1_500), values: Float64Array.of(1, Number.NaN) }]),
  ];
  assert.deepEqual(JSON.parse(matrix.join("")), {
    status: "success",
    data: {
      resultType: "matrix",
      result: [
        {
          metric: labels.toRecord(),
          values: [
            [0.5, "1"],
            [1.5, "NaN"],
          ],
        },
      ],
    },
  });
  const text = [...instantParts({ type: "string", atMs: 1_000, text: 'a"b' })].join("");
  assert.deepEqual(JSON.parse(text), { status: "success", data: { resultType: "string", result: [1, 'a"b'] } });
  const none = [...instantParts({ type: "vector", atMs: 0, samples: [] })].join("");
  assert.deepEqual(JSON.parse(none), { status: "success", data: { resultType: "vector", result: [] } });
});

test("names become legal letter by letter, and legal ones stay", () => {
  assert.deepEqual(["cpu.usage", "node_cpu_seconds_total", "job:rate:5m", "9 lives", "größe.😀", ""].map(legalMetric), [
    ...["cpu_usage", "node_cpu_seconds_total", "job:rate:5m", "__lives", "gr__e__", ""],
  ]);
  assert.equal(legalLabel("k8s:pod.name"), "k8s_pod_name");
  assert.equal(likeLegal("50%_a\\b"), "50\\%_a\\\\b");
});
