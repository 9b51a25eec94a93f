import assert from "node:assert/strict";
import { test } from "node:test";
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
  assert.equal(formatText(0.951, "ms"), "0.95 ms");
  assert.equal(formatText(1_500, "ms"), "1.50 s");
  assert.equal(formatText(51, "celsius"), "51.0 °C");
  assert.equal(formatText(0.25, "load"), "0.25");
  assert.equal(formatText(90, "seconds"), "90 s");
  assert.equal(formatText(5_400, "seconds"), "90 min");
  assert.equal(formatText(7_200, "seconds"), "2 h");
  assert.equal(formatText(864_000, "seconds"), "10 days");
});

test("what is unknown is a dash and never a zero", () => {
  assert.equal(formatText(null, "percent"), "–");
  assert.equal(formatText(undefined, "bytes", true), "–");
});
