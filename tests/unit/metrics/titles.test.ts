import assert from "node:assert/strict";
import { test } from "node:test";
import { seriesName } from "#lib/metrics/frame.ts";
import { metricTitle, seriesTitle } from "#lib/metrics/titles.ts";

test("a series is called as a reader would: the metric in words, then what of", () => {
  assert.equal(metricTitle("network.receive.bytes", { interface: "ens5" }), "Network in, ens5");
  assert.equal(metricTitle("cpu.usage"), "CPU usage");
  assert.equal(metricTitle("shop.orders", { shop: "1" }), 'shop.orders{shop="1"}');
  assert.equal(metricTitle("toString"), "toString");
});

test("a series' written name leads to the same title, whatever is in its labels", () => {
  const cases: Record<string, string>[] = [
    {},
    { mount: "/" },
    { mount: '/a "b", {c}=\\' },
    { mount: "/mnt/ä", type: "ext4" },
  ];
  for (const labels of cases)
    assert.equal(seriesTitle(seriesName("disk.usage", labels)), metricTitle("disk.usage", labels));
});
