import assert from "node:assert/strict";
import { test } from "node:test";
import { CATALOGUE, type MetricName, metricInfo } from "#lib/metrics/catalogue.ts";
import { labelsKey, seriesName } from "#lib/metrics/frame.ts";
import { OVERVIEW_PANELS, PANELS, seriesOf } from "#lib/metrics/panels.ts";

test("every metric stands in exactly one chart of the host page", () => {
  const shown = PANELS.flatMap((panel) => panel.metrics).sort();
  assert.deepEqual(shown, Object.keys(CATALOGUE).sort());
});

test("a chart's metrics share one unit and one kind, so that one axis serves them", () => {
  for (const { id, metrics, unit, rate } of [...PANELS, ...OVERVIEW_PANELS]) {
    for (const metric of metrics as MetricName[]) {
      assert.equal(CATALOGUE[metric].unit, unit, `${id}: ${metric}`);
      assert.equal(CATALOGUE[metric].kind === "counter", rate, `${id}: ${metric}`);
    }
  }
});

test("charts have names of their own", () => {
  assert.equal(new Set(PANELS.map((panel) => panel.id)).size, PANELS.length);
});

test("a metric that is not in the catalogue is a plain gauge", () => {
  assert.equal(metricInfo("shop.orders").kind, "gauge");
  assert.equal(metricInfo("toString").kind, "gauge");
});

test("equal labels have one spelling whatever their order", () => {
  assert.equal(labelsKey({ b: "2", a: '1"' }), 'a="1\\"",b="2"');
  assert.equal(seriesName("disk.usage", { mount: "/" }), 'disk.usage{mount="/"}');
  assert.equal(seriesName("cpu.usage", {}), "cpu.usage");
});

test("a chart's lines stand in the order of its metrics, and core 10 after core 2", () => {
  const series = (metric: string, label = "") => ({ metric, name: `${metric}${label}` });
  const [cpu, cores] = [PANELS[0], PANELS[1]];
  assert.ok(cpu && cores);
  const all = [series("cpu.user"), series("cpu.core.usage", "10"), series("cpu.core.usage", "2"), series("cpu.usage")];
  assert.deepEqual(
    seriesOf(cpu, all).map((s) => s.name),
    ["cpu.usage", "cpu.user"],
  );
  assert.deepEqual(
    seriesOf(cores, all).map((s) => s.name),
    ["cpu.core.usage2", "cpu.core.usage10"],
  );
});
