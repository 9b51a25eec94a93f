import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Database } from "#lib/db/client.ts";
import { isDomainError } from "#lib/errors.ts";
import { readInput } from "#lib/inputs/inputs.ts";
import { inputCounters, storeIncoming } from "#lib/inputs/store-incoming.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { series } from "../support/incoming.ts";
import { addInput } from "../support/inputs.ts";

const NOW = Date.now();

let db: Database;
before(async () => {
  ({ db } = await freshDatabase());
});

test("series over the limit are dropped and named, those that are there go on, and one that ends makes room", async () => {
  const input = await addInput(db, "limited", { maxSeries: 3 });
  const send = (names: string[], at: number, stale = false) =>
    storeIncoming(
      db,
      input,
      names.map((n) => series("m", { n }, [{ at, value: 1, stale }])),
      NOW,
    );
  const { stored, dropped } = await send(["a", "b", "c", "d", "e"], NOW - 3_000);
  assert.equal(stored, 3);
  assert.deepEqual(dropped, [
    {
      ...{ reason: "series_limit", samples: 2 },
      example: 'm{instance="a:80",job="shop",n="d"}: the input has 3 series already',
    },
  ]);
  assert.equal((await send(["a", "b", "c"], NOW - 2_000)).stored, 3);
  await send(["a"], NOW - 1_000, true);
  assert.equal((await send(["d"], NOW)).stored, 1);
  await inputCounters(db).flush();
  const info = await readInput(db, input.hostId);
  assert.deepEqual(
    [info.stored, info.dropped.map(({ reason, samples }) => [reason, samples])],
    [8, [["series_limit", 2]]],
  );
  assert.ok(info.lastReceivedAt && info.samplesPerSecond > 0);
});

test("clocks that are off, names and labels that cannot be stored stop nothing else, and each is counted with an example", async () => {
  const input = await addInput(db, "awkward");
  const good = { at: NOW, value: 1 };
  const labels = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`l${n}`, "x"]));
  const { stored, dropped } = await storeIncoming(
    db,
    input,
    [
      series("ahead", {}, [
        { at: NOW + 3 * HOUR_MS, value: 1 },
        { at: NOW + 4 * MINUTE_MS, value: 1 },
      ]),
      series("old", {}, [{ at: NOW - 4_000 * DAY_MS, value: 1 }, good]),
      series("odd", {}, [
        { at: NOW + 0.5, value: 1 },
        { at: Number.NaN, value: 1 },
        { at: -1, value: 1 },
        { at: 2 ** 63, value: 1 },
      ]),
      series("", {}, [good]),
      series("nul\u0000", {}, [good]),
      series("slo.burn_rate", { slo_id: "1", window: "1h" }, [good]),
      series("m", { "": "x" }, [good]),
      series("m", { half: "\ud800" }, [good]),
      series("m", labels, [good]),
      series("m", { long: "x".repeat(1_001) }, [good]),
      series("m", { a: "é".repeat(700), b: "é".repeat(700) }, [good]),
      series("x".repeat(301), {}, [good]),
      series("fine", { weird: 'a"\\\n\t💥' }, [good]),
      series("big", {}, [{ at: NOW, value: 1e308 }]),
      series("none", {}, []),
    ],
    NOW,
  );
  assert.equal(stored, 4);
  assert.deepEqual(dropped.map(({ reason, samples }) => [reason, samples]).sort(), [
    ["ahead_of_clock", 1],
    ["invalid_name", 6],
    ["invalid_time", 3],
    ["labels_too_long", 2],
    ["too_many_labels", 1],
    ["too_old", 2],
  ]);
  for (const { example } of dropped) assert.ok(example.length > 10 && example.isWellFormed(), example);
});

test("an input that sends more than it may is told how long to wait, and another one is not", async () => {
  const [slow, quick] = [await addInput(db, "slow", { maxSamplesPerSecond: 10 }), await addInput(db, "quick")];
  const send = (input: typeof slow, count: number, now: number) =>
    storeIncoming(
      db,
      input,
      [
        series(
          "m",
          {},
          Array.from({ length: count }, (_, n) => ({ at: now - n, value: n })),
        ),
      ],
      now,
    );
  await send(slow, 100, NOW);
  await assert.rejects(send(slow, 50, NOW + 1_000), (error: unknown) => {
    assert.ok(isDomainError(error));
    assert.deepEqual([error.type, error.retryAfterSeconds], ["rate-limited", 4]);
    return true;
  });
  await send(quick, 1_000, NOW);
  await send(slow, 50, NOW + 5_000);
});
