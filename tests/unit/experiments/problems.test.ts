import assert from "node:assert/strict";
import { test } from "node:test";
import type { z } from "zod";
import { blankPlan } from "#components/experiments/blank.ts";
import { toDraft, toPlan } from "#components/experiments/draft.ts";
import { changeText } from "#components/experiments/labels.ts";
import { problemAt, problemTexts, problemWithin } from "#components/experiments/problems.ts";
import type { ExperimentPlan } from "#lib/contract/experiment-plans.ts";
import * as contract from "#lib/contract/index.ts";
import { parseWire } from "#lib/contract/parse-wire.ts";

/** What the server answers to a plan, as `serve` makes problems of it. */
function serverProblems(json: object, body: unknown = contract.experiments.create.body) {
  try {
    parseWire(body as z.ZodType, json);
  } catch (error) {
    return (error as z.ZodError).issues.map(({ path, message }) => ({ field: path.join("."), message }));
  }
  return [];
}

const wrong = {
  ...{ key: "checkout", name: "Checkout" },
  variants: [{ key: "a", host_ids: [0] }, { key: "b" }],
  metrics: [{ key: "orders", event: "order", role: "primary", min_effect: -1 }],
  plan: { max_days: 1_000, targeting: [{ attribute: "country", op: "like", value: "DE" }] },
};

test("what the server refuses stands beside its field, although it names fields in snake_case", () => {
  const problems = serverProblems(wrong);
  for (const field of ["plan.maxDays", "metrics.0.minEffect"]) assert.ok(problemAt(problems, field), field);
  for (const field of ["plan.targeting", "variants.0.hostIds"]) assert.ok(problemWithin(problems, field), field);
  assert.equal(problemAt(problems, "metrics"), undefined);
  assert.equal(problemWithin(problems, "plan.minSubjects"), undefined);
});

test("a metric keeps only what its kind of experiment measures, whatever was typed before the kind was changed", () => {
  const draft = toDraft(blankPlan().plan);
  const metrics = draft.metrics.map((metric) => ({ ...metric, key: "cpu", event: "order", series: "cpu.usage" }));
  const planned = (kind: "ab" | "hosts") => (toPlan({ ...draft, kind, metrics }) as ExperimentPlan).metrics[0];
  assert.deepEqual([planned("ab")?.event, planned("ab")?.series], ["order", null]);
  assert.deepEqual([planned("hosts")?.event, planned("hosts")?.series], [null, "cpu.usage"]);
});

test("what is wrong is listed in the words of the form, and a change in those of the plan", () => {
  const texts = problemTexts([
    { field: "plan.maxDays", message: "Enter a number" },
    { field: "metrics.0.min_effect", message: "Too small" },
    { field: "", message: "No connection" },
  ]);
  assert.deepEqual(texts, ["Maximum duration: Enter a number", "Metric 1, minimum effect: Too small", "No connection"]);
  assert.equal(changeText("max_days", { from: 28, to: 40 }), "Maximum duration: 28 → 40 days");
  assert.equal(changeText("stop_on", { from: ["harm"], to: [] }), "Stop rules: harm → none");
});

test("a field by the name that it had in 0.1.0 is refused, not dropped without a word", () => {
  const plan = {
    ...wrong,
    metrics: [{ key: "orders", event: "order", role: "primary" }],
    variants: [{ key: "a" }, { key: "b" }],
  };
  const keys = (json: object, body?: unknown) =>
    serverProblems(json, body).map(({ field, message }) => `${field} ${message}`);
  assert.match(keys({ ...plan, plan: { coverage: 0.1 } }).join(), /^plan .*"coverage"/);
  assert.match(keys({ ...plan, plan: { trafficAllocation: 0.1 } }).join(), /^plan .*"trafficAllocation"/);
  assert.deepEqual(keys({ ...plan, plan: { traffic_allocation: 0.1 } }), []);
  const exposures = [{ subject: "s", variant: "a", segment: "DE" }];
  assert.match(keys({ exposures }, contract.experiments.recordExposures.body).join(), /^exposures.0 .*"segment"/);
});

test("a key that would pass for an id, and an instant in seconds, are refused with the remedy", () => {
  const draft = {
    ...wrong,
    metrics: [{ key: "m", event: "order", role: "primary" }],
    variants: [{ key: "a" }, { key: "b" }],
    plan: {},
  };
  const said = (json: object, body?: unknown) =>
    serverProblems(json, body).map(({ field, message }) => `${field}: ${message}`);
  assert.match(said({ ...draft, key: "42" }).join(), /^key: Use a letter/);
  assert.match(said({ ...draft, key: "events" }).join(), /^key: Use another key/);
  assert.deepEqual(said({ ...draft, key: "42-b" }), []);
  const exposure = (at: unknown) =>
    said({ exposures: [{ subject: "s", variant: "a", at }] }, contract.experiments.recordExposures.body).join();
  for (const at of [1_795_514_380, -1, 0, 1e308, "0000-01-01T00:00:00Z"])
    assert.match(exposure(at), /not in seconds/, String(at));
  for (const at of [1_795_514_380_000, "2026-11-24T09:00:00Z"]) assert.equal(exposure(at), "", String(at));
});
