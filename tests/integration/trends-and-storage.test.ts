import assert from "node:assert/strict";
import { test } from "node:test";
import { readTrends } from "#lib/insights/disk-trends.ts";
import { senSlope } from "#lib/stats/slope.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";
import { compactDue, measureStorage } from "#lib/tsdb/maintenance.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

const START = Date.UTC(2026, 5, 1);

test("a disk that fills steadily has a slope with its interval and a date; one that only wavers has none", async () => {
  const { db } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  assert.deepEqual(await readTrends(db, hostId, 24, START), {
    hours: 24,
    avg_cpu: null,
    peak_memory: null,
    disk_trend: [],
  });
  for (let n = 0; n < 96; n++) {
    await writer.append(
      frame(
        START + (n * HOUR_MS) / 4,
        [
          ["cpu.usage", 20 + (n % 2) * 20],
          ["memory.usage", n === 40 ? 91 : 50],
          ["disk.usage", 60 + n / 9.6 + (n % 3) / 100, { mount: "/var" }],
          ["disk.usage", 30 + (n % 5) / 10, { mount: "/" }],
        ],
        HOUR_MS / 4,
      ),
    );
  }
  const now = START + DAY_MS;
  const trends = await readTrends(db, hostId, 24, now);
  assert.equal(trends.avg_cpu, 30);
  assert.equal(trends.peak_memory, 91);
  const [root, data] = trends.disk_trend;
  assert.deepEqual([root?.mount, root?.fillsAt], ["/", null]);
  assert.ok(Math.abs((data?.slopePerDay ?? 0) - 10) < 0.1, String(data?.slopePerDay));
  assert.ok((data?.slopeInterval[0] ?? 99) <= 10 && (data?.slopeInterval[1] ?? 0) >= 10);
  const days = ((data?.fillsAt?.getTime() ?? 0) - now) / DAY_MS;
  assert.ok(Math.abs(days - 3) < 0.1, String(days));
});

test("the slope of a line is its own, and a few wild points do not move it", () => {
  const line = Array.from({ length: 50 }, (_, n): [number, number] => [n, 3 * n + 1]);
  assert.equal(senSlope(line)?.slope, 3);
  const wild = line.map(([x, y], n): [number, number] => [x, n % 10 === 0 ? 1_000 : y]);
  assert.ok(Math.abs((senSlope(wild)?.slope ?? 0) - 3) < 0.2);
  assert.equal(senSlope(line.slice(0, 5)), undefined);
});

test("storage figures tell compacted from not compacted, and bytes a sample once there is something compacted", async () => {
  const { db } = await freshDatabase();
  const { writer } = await addHost(db);
  for (let n = 0; n < 100; n++)
    await writer.append(
      frame(START + n * 5_000, [
        ["cpu.usage", n],
        ["load.1m", n / 4],
      ]),
    );
  const before = await measureStorage(db, START + HOUR_MS);
  assert.deepEqual(
    [before.resolutions.map((t) => [t.resolution, t.rows]), before.bytesPerSample],
    [[["frames", 200]], null],
  );
  await writer.append(frame(Date.now(), [["cpu.usage", 0]]));
  await compactDue(db, START + 48 * HOUR_MS);
  const after = await measureStorage(db, START + 48 * HOUR_MS);
  assert.deepEqual(
    after.resolutions.map((t) => [t.resolution, t.rows]),
    [
      ["frames", 1],
      ["raw", 200],
      ["minute", 18],
      ["hour", 2],
    ],
  );
  assert.deepEqual(
    [...new Set(after.resolutions.slice(1).map((t) => t.from?.getTime()))],
    [START],
    "and since when, at every resolution",
  );
  assert.ok((after.bytesPerSample ?? 0) > 0 && (after.growthBytesPerDay ?? 0) > 0);
});
