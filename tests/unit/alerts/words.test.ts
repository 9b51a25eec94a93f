import assert from "node:assert/strict";
import { test } from "node:test";
import { summaryOf } from "#lib/alerts/words.ts";

type Finding = Parameters<typeof summaryOf>[0];

const finding = (
  metric: string,
  labels: Record<string, string>,
  value: number,
  operator: "<" | ">",
  level: number,
): Finding =>
  ({
    rule: { name: "x", windowMs: 60_000, condition: { kind: "threshold", operator, level } },
    series: {
      id: 1,
      sourceId: 1,
      metric,
      labels,
      name: metric,
      unit: "count",
      kind: "gauge",
      group: "Other",
      help: "",
    },
    observation: { kind: "value", value, breached: true, recovered: false },
    value,
  }) as unknown as Finding;

test("what is down is said to be down, by its name, and not by a figure below another", () => {
  assert.equal(summaryOf(finding("check.up", { check: "Shop" }, 0, "<", 1)), "Check Shop fails");
  assert.equal(
    summaryOf(finding("postgres.up", { server: "billing" }, 0, "<", 1)),
    "Database server billing does not answer",
  );
  assert.equal(summaryOf(finding("queue.length", {}, 0, "<", 1)), "queue.length 0, below 1");
});
