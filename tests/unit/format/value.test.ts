import assert from "node:assert/strict";
import { test } from "node:test";
import { changeShare, effectsBetween, signedEffect, signedShare } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";

test("figures come with three digits and a fitting unit", () => {
  assert.equal(formatText(0, "bytes"), "0 B");
  assert.equal(formatText(1536, "bytes"), "1.50 KiB");
  assert.equal(formatText(1023.8, "bytes"), "1.00 KiB");
  assert.equal(formatText(25_276_510_208, "bytes"), "23.5 GiB");
  assert.equal(formatText(2_097_152, "bytes", true), "2 MiB/s");
  assert.equal(formatText(12.345, "percent"), "12.3 %");
  assert.equal(formatText(100, "percent"), "100 %");
  assert.equal(formatText(1_234, "count"), "1.23 k");
  assert.equal(formatText(68, "count"), "68");
  assert.equal(formatText(4.5, "count", true), "4.50/s");
  assert.equal(formatText(0.951, "ms"), "0.951 ms");
  assert.equal(formatText(1_500, "ms"), "1.50 s");
  assert.equal(formatText(51, "celsius"), "51.0 °C");
  assert.equal(formatText(0.25, "load"), "0.25");
  assert.equal(formatText(90, "seconds"), "90 s");
  assert.equal(formatText(5_400, "seconds"), "90 min");
  assert.equal(formatText(7_200, "seconds"), "2 h");
  assert.equal(formatText(864_000, "seconds"), "10 days");
});

test("small, negative and very large figures keep their digits, their sign and a unit that there is", () => {
  const cases: [number, Parameters<typeof formatText>[1], string][] = [
    [-0.04, "percent", "-0.04 %"],
    [-0.0000001, "percent", "-1.00e-7 %"],
    [-0, "percent", "0.0 %"],
    [0.0004, "count", "0.0004"],
    [0.0004, "ms", "0.0004 ms"],
    [0.0004, "load", "0.0004"],
    [1e-200, "count", "1.00e-200"],
    [0.1 + 0.2, "count", "0.3"],
    [1e15, "count", "1 P"],
    [1e12, "count", "1 T"],
    [999_999_999_999, "count", "1.00 T"],
    [1e308, "count", "1.00e+293 P"],
    [1e308, "bytes", "8.67e+289 EiB"],
    [2 ** 60, "bytes", "1 EiB"],
    [-5, "seconds", "-5 s"],
    [-7_200, "seconds", "-2 h"],
    [-864_000, "seconds", "-10 days"],
    [-1_500, "ms", "-1.50 s"],
    [-1536, "bytes", "-1.50 KiB"],
    [Number.NaN, "percent", "–"],
    [Number.POSITIVE_INFINITY, "bytes", "–"],
  ];
  for (const [value, unit, text] of cases) assert.equal(formatText(value, unit), text, `${value} ${unit}`);
});

test("a share that is written as zero has no sign", () => {
  assert.deepEqual(
    [-0.0001, 0.0001, 0, -0].map((share) => signedShare(share)),
    Array(4).fill("0.0 %"),
  );
  assert.deepEqual(
    [-0.004, 0.123, 12.34].map((share) => signedShare(share)),
    ["−0.4 %", "+12.3 %", "+1234 %"],
  );
  assert.equal(signedEffect(-0.5, { scale: "points" }), "−50.0 points");
  assert.equal(effectsBetween([-0.544, -0.456], { scale: "points" }), "−54.4 to −45.6 points");
  assert.equal(effectsBetween([-0.5, 2.25], { scale: "absolute" }), "−0.5 to +2.25");
  assert.deepEqual([changeShare(-10, -5), changeShare(10, 5), changeShare(0, 5)], [0.5, -0.5, null]);
});

test("what is unknown is a dash and never a zero", () => {
  assert.equal(formatText(null, "percent"), "–");
  assert.equal(formatText(undefined, "bytes", true), "–");
});
