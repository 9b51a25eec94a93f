import assert from "node:assert/strict";
import { test } from "node:test";
import { Detector } from "#lib/anomalies/detector.ts";
import { barFor } from "#lib/anomalies/policy.ts";
import { SeriesWatch } from "#lib/anomalies/series-monitor.ts";
import { seededNormal, seededRandom } from "#lib/stats/random.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";

const START = Date.UTC(2026, 0, 5);

/** How many events a made-up host's series tell in their first two days, and after. */
function told(series: number, value: (n: number, noise: () => number) => number, limit?: number) {
  const policy = { enabled: true, bar: barFor(5), limit, seasonal: true };
  const events = { young: new Set<string>(), later: new Set<string>() };
  for (let one = 1; one <= series; one++) {
    const info = { id: one, sourceId: 1, metric: "cpu.usage", labels: {}, name: "cpu.usage" };
    const watch = new SeriesWatch(
      { ...info, unit: "percent", kind: "gauge", group: "CPU", help: "" },
      new Detector(),
      START,
      [],
    );
    const noise = seededNormal(seededRandom(one));
    for (let n = 0; n < 4 * 1_440; n++) {
      const at = START + n * MINUTE_MS;
      for (const event of watch.observe(at, value(n, noise), { policy, falseAlarms: new Map(), offsetMs: 0 }))
        events[event.detectedAt - START < 2 * DAY_MS ? "young" : "later"].add(
          `${one} ${event.type} ${event.detectedAt}`,
        );
    }
  }
  return events;
}

test("a new host does not drown its administrator: 50 quiet series tell a handful in their first two days", () => {
  const { young, later } = told(50, (_, noise) => 50 + noise());
  assert.ok(young.size <= 10, `${young.size}`);
  assert.ok(later.size <= 40, `${later.size}`);
});

test("a limit is told from the first minutes, and what goes badly wrong on the second day is too", () => {
  const { young } = told(1, (n, noise) => (n >= 10 && n < 30 ? 95 : n >= 2_600 && n < 2_700 ? 78 : 50) + noise(), 90);
  const kinds = [...young].map((event) => event.split(" ")[1]);
  assert.ok(kinds.includes("limit") && kinds.some((kind) => kind !== "limit"), [...young].join());
});
