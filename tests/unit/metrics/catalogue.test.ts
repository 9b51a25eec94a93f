import assert from "node:assert/strict";
import { test } from "node:test";
import { CATALOGUE } from "#lib/metrics/catalogue.ts";
import { SEMANTIC_NAMES } from "#lib/metrics/semantic-names.ts";
import { metricTitle } from "#lib/metrics/titles.ts";
import { Durations } from "#lib/telemetry/durations.ts";

test("each of Sightline's own metrics says what it is, in which unit, and has a name for people", () => {
  for (const [name, { unit, help, kind }] of Object.entries(CATALOGUE)) {
    assert.match(unit, /^(percent|bytes|count|seconds|ms|celsius|load)$/, name);
    assert.ok(help.length > 5 || help === "Deadlocks", `${name}: ${help}`);
    assert.ok(kind === "gauge" || kind === "counter", name);
    assert.notEqual(metricTitle(name), name);
  }
});

test("what Sightline measures of itself says what it is and in which unit", () => {
  const durations = new Durations();
  for (const metric of [
    "http.server.request.duration",
    "sightline.job.duration",
    "sightline.task.duration",
    "sightline.pool.wait.duration",
  ] as const)
    durations.observe(metric, {}, 1);
  const readings = durations.readings();
  assert.ok(readings.length > 30);
  for (const { metric, unit, help, kind } of readings) assert.ok(unit && help && kind, metric);
});

test("OpenTelemetry's names are names with attributes in braces, and each is of a metric that there is", () => {
  for (const [name, semantic] of Object.entries(SEMANTIC_NAMES)) {
    assert.ok(Object.hasOwn(CATALOGUE, name) || name === semantic, name);
    assert.match(semantic, /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+(\{[a-z._]+(="[a-z]+")?\})?$/, name);
  }
});
