import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { DAY_MS } from "#lib/time/durations.ts";
import { appendBulk, Registry } from "#lib/tsdb/append.ts";
import { queryRange } from "#lib/tsdb/query.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

const START = Date.UTC(2026, 5, 1);

test("frames in bulk are stored whole, missing values as missing, and a later one takes the place of an earlier", async () => {
  const { db, url } = await freshDatabase();
  const { hostId, writer } = await addHost(db);
  const shape = frame(START, [
    ["cpu.usage", 0],
    ["load.1m", null],
  ]);
  await writer.append(shape);
  const target = await new Registry(db).resolve(hostId, shape);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const rows = (from: number, count: number, value: number) => ({
      ...target,
      frames: Array.from({ length: count }, (_, n) => ({
        at: START + (from + n) * 5_000,
        values: [value + n, n % 2 ? null : n],
      })),
    });
    await appendBulk(client, [rows(1, 4, 10)]);
    await appendBulk(client, [rows(4, 2, 70)]);
    const { series } = await queryRange(db, {
      hostId,
      series: ["cpu.usage", "load.1m"],
      from: START,
      to: START + 60_000,
      stepMs: 5_000,
    });
    assert.deepEqual(
      series.map((s) => s.points.filter(([, v]) => v !== null).map(([, v]) => v)),
      [
        [0, 10, 11, 12, 70, 71],
        [0, 2, 0],
      ],
    );
    await assert.rejects(
      appendBulk(client, [{ ...target, frames: [{ at: START + DAY_MS * 9, values: [1, 2] }] }]),
      /no partition/,
    );
    assert.equal(await db.frame.count(), 6, "all or none");
  } finally {
    await client.end();
  }
});
