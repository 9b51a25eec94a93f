import assert from "node:assert/strict";
import { test } from "node:test";
import { incidentTitle, type Moved, usualRange } from "#lib/anomalies/incident-title.ts";

const moved = (given: Partial<Moved> = {}): Moved => ({
  ...{ series: "cpu.usage", type: "spike", direction: "up", value: 97, expected: 27.5, deviation: 2.5 },
  ...{ unit: "percent", rate: false, detectedAt: new Date(0), order: 1, contribution: 1 },
  ...given,
});

test("a title says what happened in words, whatever kind of anomaly began it", () => {
  const titles: [Partial<Moved>, string][] = [
    [{}, "CPU usage of web-1 rose to 97.0 % (usually 20.0 to 35.0 %)"],
    [{ direction: "down", value: 1 }, "CPU usage of web-1 fell to 1.0 % (usually 20.0 to 35.0 %)"],
    [{ value: 25 }, "CPU usage of web-1 was unusual, and is at 25.0 % (usually 20.0 to 35.0 %)"],
    [{ type: "erratic" }, "CPU usage of web-1 varies far more than usual"],
    [{ type: "flat" }, "CPU usage of web-1 hardly changes any more, at 97.0 %"],
    [{ type: "no_data", series: "host.no_data" }, "web-1 sends no data"],
    [{ expected: 2, deviation: 0 }, "CPU usage of web-1 rose to 97.0 % (usually 2.0 %)"],
    [
      {
        series: 'network.receive.bytes{interface="eth0"}',
        unit: "bytes",
        rate: true,
        value: 2 ** 30,
        expected: 2 ** 20,
        deviation: 0,
      },
      "Network in, eth0 of web-1 rose to 1 GiB/s (usually 1 MiB/s)",
    ],
    [{ unit: "count", value: 1e308, expected: 1e308, deviation: 1e308 }, ""],
    [{ value: Number.NaN }, ""],
  ];
  for (const [given, title] of titles) {
    const found = incidentTitle("web-1", [moved(given)]);
    if (title) assert.equal(found, title);
    assert.doesNotMatch(found, /NaN|Infinity|undefined/);
  }
});

test("who followed is counted once each, with when the last of them did", () => {
  const at = (minute: number) => new Date(minute * 60_000);
  const followers = [
    moved({ series: "load.1m", order: 2, detectedAt: at(2), contribution: 0.9 }),
    moved({ series: "load.5m", order: 3, detectedAt: at(4), contribution: 0.1 }),
    moved({ series: "load.5m", order: 4, detectedAt: at(5), contribution: 0.1 }),
  ];
  assert.match(incidentTitle("web-1", [...followers, moved()]), /^CPU usage .*, 2 others followed within 5 min$/);
  const together = moved({ series: "load.1m", contribution: 0.1 });
  assert.match(incidentTitle("web-1", [together, moved()]), /^CPU usage .*, 1 other moved at the same time$/);
  assert.equal(incidentTitle("web-1", []), "web-1: nothing is kept of what moved");
});

test("what is usual is never said to be below nothing or above a whole, where it cannot be", () => {
  const range = (expected: number, deviation: number, unit = "percent") => usualRange({ expected, deviation, unit });
  assert.deepEqual(range(1, 5), [0, 16]);
  assert.deepEqual(range(99, 5), [84, 100]);
  assert.deepEqual(range(150, 10), [120, 180]);
  assert.deepEqual(range(-4, 1, "celsius"), [-7, -1]);
});
