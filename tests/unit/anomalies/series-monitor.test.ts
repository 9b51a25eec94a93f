import assert from "node:assert/strict";
import { test } from "node:test";
import { Detector } from "#lib/anomalies/detector.ts";
import { alertThresholdFor } from "#lib/anomalies/policy.ts";
import { SeriesMonitor } from "#lib/anomalies/series-monitor.ts";
import { seededNormal, seededRandom } from "#lib/stats/random.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";

const START = Date.UTC(2026, 0, 5);

/** The anomalies of a made-up host's series that begin in their first two days, and after. */
function raisedBy(series: number, value: (n: number, noise: () => number) => number) {
  const policy = { enabled: true, alertThreshold: alertThresholdFor(5), seasonal: true };
  const events = { young: new Set<string>(), later: new Set<string>() };
  for (let id = 1; id <= series; id++) {
    const info = { id: id, sourceId: 1, metric: "cpu.usage", labels: {}, name: "cpu.usage" };
    const monitor = new SeriesMonitor(
      { ...info, unit: "percent", kind: "gauge", group: "CPU", help: "" },
      new Detector(),
      START,
      undefined,
    );
    const noise = seededNormal(seededRandom(id));
    for (let n = 0; n < 4 * 1_440; n++) {
      const at = START + n * MINUTE_MS;
      const event = monitor.observe(at, value(n, noise), { policy, falseAlarms: new Map(), offsetMs: 0 });
      if (event)
        events[event.detectedAt - START < 2 * DAY_MS ? "young" : "later"].add(
          `${id} ${event.type} ${event.detectedAt}`,
        );
    }
  }
  return events;
}

test("a new host does not drown its administrator: 50 quiet series raise a handful of anomalies in their first two days", () => {
  const { young, later } = raisedBy(50, (_, noise) => 50 + noise());
  assert.ok(young.size <= 10, `${young.size}`);
  assert.ok(later.size <= 40, `${later.size}`);
});

test("what goes badly wrong on the second day is raised too", () => {
  const { young } = raisedBy(1, (n, noise) => (n >= 2_600 && n < 2_700 ? 78 : 50) + noise());
  assert.ok(young.size > 0, [...young].join());
});
