import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import type { Aggregate } from "#lib/contract/enums.ts";
import type { Database } from "#lib/db/client.ts";
import { currentMetrics } from "#lib/hosts/current.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { decodeSamples } from "#lib/tsdb/chunks/chunks.ts";
import { joinParts } from "#lib/tsdb/maintenance/chunks-of-steps.ts";
import { compactSpan } from "#lib/tsdb/maintenance/compact.ts";
import {
  applyRetention,
  compactDue,
  cutoffs,
  dropEmptyPartitions,
  planRetention,
  RESOLUTIONS,
} from "#lib/tsdb/maintenance.ts";
import { queryRange, type RangeQuery } from "#lib/tsdb/query.ts";
import { addLivingHost, fill, LATER, pending, SPAN, START } from "../support/compacting.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";
import { quickStart } from "../support/quick-start.ts";

const ask = (db: Database, hostId: number, from: number, to: number, stepMs: number, aggregate?: Aggregate) =>
  queryRange(db, {
    hostId,
    series: ["cpu.usage", "network.receive.bytes", "load.1m"],
    from,
    to,
    stepMs,
    aggregate,
  }).then(({ series }) =>
    series.map((s) =>
      s.points.map(([at, value]) => [at - START, value === null ? null : Number(value.toPrecision(9))]),
    ),
  );

test("what is compacted is read as it was, at any step, by any aggregate, across the border between chunks and frames", async () => {
  const { db } = await freshDatabase();
  const host = await addLivingHost(db);
  const count = Math.floor((SPAN * 2.6) / 20_000);
  await fill(host, count);
  const cases: [number, number, number, Aggregate | undefined][] = [
    [START, START + 3 * SPAN, HOUR_MS, undefined],
    [START, START + 3 * SPAN, 5 * MINUTE_MS, "max"],
    [START + HOUR_MS, START + SPAN + 3 * HOUR_MS, MINUTE_MS, "min"],
    [START + SPAN - 2 * HOUR_MS, START + SPAN + 2 * HOUR_MS, 20_000, undefined],
    [START, START + 3 * SPAN, HOUR_MS, "increase"],
    [START, START + 3 * SPAN, HOUR_MS, "count"],
    [START, START + 3 * SPAN, HOUR_MS, "last"],
    [START + 90 * MINUTE_MS, START + 2 * SPAN + HOUR_MS, HOUR_MS, "p95"],
  ];
  const before = await Promise.all(cases.map((c) => ask(db, host.hostId, ...c)));
  const compacted = await compactDue(db, START + 2 * SPAN + HOUR_MS);
  assert.ok(compacted.frames > 0 && compacted.samples > 2 * compacted.frames);
  assert.equal(await db.frame.count({ where: { at: { lt: new Date(START + 2 * SPAN) } } }), 0);
  assert.ok((await pending(db)) > 0, "the newest span stays as frames");
  for (const [i, c] of cases.entries())
    assert.deepEqual(await ask(db, host.hostId, ...c), before[i], JSON.stringify(c));
});

test("a query over rollups equals the same query over raw samples, whatever the samples", async () => {
  const { db } = await freshDatabase();
  let n = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.integer({ min: 1, max: 400 }), fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.constant(null))),
        { minLength: 2, maxLength: 60 },
      ),
      fc.constantFrom(MINUTE_MS, 5 * MINUTE_MS, HOUR_MS),
      fc.constantFrom<Aggregate>("avg", "min", "max", "sum", "count", "last"),
      async (steps, stepMs, aggregate) => {
        n += 1;
        const host = await addLivingHost(db, `host-${n}`);
        let at = START;
        for (const [step, value] of steps) {
          at += step * 30_000;
          await host.writer.append(
            frame(
              at,
              [
                ["cpu.usage", value],
                ["network.receive.bytes", value, { interface: "eth0" }],
                ["load.1m", 1],
              ],
              30_000,
            ),
          );
        }
        const to = START + Math.ceil((at - START) / (30 * HOUR_MS) + 1) * 30 * HOUR_MS;
        const before = await ask(db, host.hostId, START, to, stepMs, aggregate);
        await compactDue(db, LATER);
        assert.deepEqual(await ask(db, host.hostId, START, to, stepMs, aggregate), before);
      },
    ),
    // Ended by its own failure, or on a busy machine early: not by the time limit of the file.
    { numRuns: 40, endOnFailure: true, interruptAfterTimeLimit: 60_000 },
  );
});

test("frames that come late are merged; at one instant the later counts; a second compaction changes nothing", async () => {
  const { db } = await freshDatabase();
  const host = await addLivingHost(db);
  const at = (n: number, value: number) =>
    frame(
      START + n * MINUTE_MS,
      [
        ["cpu.usage", value],
        ["network.receive.bytes", n, { interface: "eth0" }],
        ["load.1m", 0],
      ],
      MINUTE_MS,
    );
  for (const n of [0, 1, 3]) await host.writer.append(at(n, n));
  await compactDue(db, LATER);
  await host.writer.append(at(2, 2));
  await host.writer.append(at(1, 100));
  await compactDue(db, LATER);
  const expected = await ask(db, host.hostId, START, START + HOUR_MS, MINUTE_MS);
  assert.deepEqual(expected[0], [
    [0, 0],
    [MINUTE_MS, 100],
    [2 * MINUTE_MS, 2],
    [3 * MINUTE_MS, 3],
  ]);
  assert.deepEqual(await compactDue(db, LATER), { frames: 0, samples: 0, chunks: 0 });
  assert.deepEqual(await ask(db, host.hostId, START, START + HOUR_MS, MINUTE_MS), expected);
});

test("two workers that compact the same span do so once", async () => {
  const { db } = await freshDatabase();
  const host = await addLivingHost(db);
  await fill(host, 200);
  const [source] = await db.source.findMany();
  const compacted = await Promise.all([1, 2, 3].map(() => compactSpan(db, host.hostId, source?.id ?? 0, START)));
  assert.equal(
    compacted.reduce((sum, s) => sum + s.frames, 0),
    198,
  );
});

test("what a compaction that fails took is there again at once, and the next one stores it", async () => {
  const { db } = await freshDatabase();
  const host = await addLivingHost(db);
  await fill(host, 200);
  const before = await ask(db, host.hostId, START, START + HOUR_MS, MINUTE_MS);
  await db.$executeRaw`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no room''; END'`;
  await db.$executeRaw`CREATE TRIGGER refuse BEFORE INSERT ON chunk EXECUTE FUNCTION refuse()`;
  const [source] = await db.source.findMany();
  const compact = () => compactSpan(db, host.hostId, source?.id ?? 0, START);
  // More often than there are connections: each must be of use after a failure.
  for (let n = 0; n < 4; n++) await assert.rejects(compact(), /no room/);
  assert.equal(await pending(db), 198);
  assert.deepEqual(await ask(db, host.hostId, START, START + HOUR_MS, MINUTE_MS), before);
  await db.$executeRaw`DROP TRIGGER refuse ON chunk`;
  assert.equal((await compact()).frames, 198);
  assert.deepEqual(await ask(db, host.hostId, START, START + HOUR_MS, MINUTE_MS), before);
});

test("a compaction that is killed a hundred times at any point loses and doubles nothing", {
  timeout: 240_000,
}, async () => {
  const { db, url } = await freshDatabase();
  const host = await addLivingHost(db);
  const [spans, perSpan] = [100, 12];
  const stepMs = SPAN / perSpan;
  const refill = async () => {
    for (let n = 0; n < spans * perSpan; n++) {
      await host.writer.append(
        frame(
          START + n * stepMs,
          [
            ["cpu.usage", n],
            ["network.receive.bytes", n, { interface: "eth0" }],
            ["load.1m", 0],
          ],
          stepMs,
        ),
      );
    }
  };
  /** Every sample is in the chunks, once, with its value. */
  const verify = async () => {
    const chunks = await db.chunk.findMany({ where: { resolution: RESOLUTIONS.raw.code } });
    assert.equal(
      chunks.reduce((sum, { count }) => sum + count, 0),
      spans * perSpan * 3,
    );
    const { id } = await db.series.findFirstOrThrow({ where: { metric: "cpu.usage" } });
    const own = chunks.filter(({ seriesId }) => seriesId === id).sort((x, y) => x.start.getTime() - y.start.getTime());
    const values = own.flatMap(({ data }) => [...decodeSamples(data).values]);
    assert.deepEqual(
      values,
      Array.from({ length: spans * perSpan }, (_, n) => n),
    );
  };
  await refill();
  let kills = 0;
  while (kills < 100) {
    const compactor = spawn(process.execPath, [join(import.meta.dirname, "..", "support", "compactor.ts"), url], {
      stdio: ["ignore", "pipe", "inherit"],
      env: quickStart(),
    });
    await once(compactor.stdout, "data");
    await sleep(Math.random() * 60);
    compactor.kill("SIGKILL");
    await once(compactor, "exit");
    kills += 1;
    if ((await pending(db)) > 0) continue;
    // All is compacted: begin again, so that every kill finds something in the midst of being compacted.
    await verify();
    await db.chunk.deleteMany();
    await refill();
  }
  await sleep(200);
  await compactDue(db, LATER);
  assert.equal(await pending(db), 0);
  await verify();
});

test("retention says what would go, takes just that, and the minutes stand in for samples that are gone", async () => {
  const { db } = await freshDatabase();
  const host = await addLivingHost(db);
  await fill(host, 4 * 360, MINUTE_MS);
  await compactDue(db, LATER);
  const settings = { retention_raw_days: 2, retention_minute_days: 365, retention_hour_days: 1_826 };
  const now = START + 2 * DAY_MS + 3 * SPAN;
  const before = await ask(db, host.hostId, START, START + 4 * SPAN, 10 * MINUTE_MS);
  const plan = await planRetention(db, settings, now);
  assert.deepEqual(
    plan.map((p) => p.chunks),
    [6, 0, 0],
  );
  assert.ok((plan[0]?.bytes ?? 0) > 0);
  assert.equal(await db.chunk.count({ where: { resolution: RESOLUTIONS.raw.code } }), 12);
  assert.equal(await applyRetention(db, settings, now), 6);
  assert.equal(await applyRetention(db, settings, now), 0);
  assert.deepEqual(await ask(db, host.hostId, START, START + 4 * SPAN, 10 * MINUTE_MS), before);
  await host.writer.append(frame(START + 7 * MINUTE_MS, [["cpu.usage", 99]], MINUTE_MS));
  assert.equal((await compactDue(db, LATER, { keptFrom: cutoffs(settings, now).raw })).samples, 0);
  assert.deepEqual(
    await ask(db, host.hostId, START, START + 4 * SPAN, 10 * MINUTE_MS),
    before,
    "too late to be taken in",
  );
  const fine = await ask(db, host.hostId, START, START + HOUR_MS, 30_000);
  assert.ok((fine[0]?.length ?? 0) >= 58, "a range older than the samples is drawn by the minute");
});

test("where only hours are kept they stand in for whatever is read, and the answer says so", async () => {
  const { db } = await freshDatabase();
  const host = await addLivingHost(db);
  await fill(host, 8 * 360, MINUTE_MS);
  await compactDue(db, LATER);
  const [from, to] = [START, START + 2 * DAY_MS];
  const range = { hostId: host.hostId, series: ["cpu.usage"], from, to: from + DAY_MS };
  const exact = await queryRange(db, { ...range, stepMs: HOUR_MS });
  assert.deepEqual(exact.resolutions, ["minute"]);
  for (const resolution of ["raw", "minute"] as const)
    await db.chunk.deleteMany({ where: { resolution: RESOLUTIONS[resolution].code, start: { lt: new Date(to) } } });
  const read = async (more: Partial<RangeQuery>) => {
    const { series, resolutions } = await queryRange(db, { ...range, ...more });
    return { resolutions, points: series[0]?.points ?? [] };
  };
  const byHour = await read({ stepMs: HOUR_MS });
  const rounded = (points: readonly (readonly [number, number | null])[] = []) =>
    points.map(([at, value]) => [at, value?.toPrecision(9)]);
  assert.deepEqual([byHour.resolutions, rounded(byHour.points)], [["hour"], rounded(exact.series[0]?.points)]);
  const cases: [string, Partial<RangeQuery>, number][] = [
    ["a quarter of an hour", { stepMs: 15 * MINUTE_MS }, 24],
    ["a minute", { stepMs: MINUTE_MS }, 24],
    ["days of Kolkata", { stepMs: DAY_MS, zone: "Asia/Kolkata" }, 2],
    ["hours of Kolkata", { stepMs: HOUR_MS, zone: "Asia/Kolkata" }, 24],
    ["a quantile", { stepMs: 6 * HOUR_MS, aggregate: "p95" }, 4],
    [
      "15 minutes in the midst of an hour",
      { from: from + 3.3 * HOUR_MS, to: from + 3.55 * HOUR_MS, stepMs: MINUTE_MS },
      1,
    ],
    ["as many points as fit", { points: 300 }, 24],
  ];
  for (const [what, query, count] of cases) {
    const { resolutions, points } = await read(query);
    assert.deepEqual([resolutions, points.length], [["hour"], count], what);
    for (const [at, value] of points)
      assert.ok(value !== null && value >= 0 && value < 100 && at <= (query.to ?? range.to), `${what}: ${at} ${value}`);
  }
  const none = await read({ from: from - 9 * DAY_MS, to: from - 8 * DAY_MS, stepMs: HOUR_MS });
  assert.deepEqual(none, { resolutions: [], points: [] });
});

test("hours of a month that is over are one chunk, what is there of a whole day goes on, and late frames find their place in both", async () => {
  const { db } = await freshDatabase();
  const host = await addLivingHost(db);
  const month = RESOLUTIONS.hour.spanMs;
  const from = Math.floor(START / month) * month;
  const stepMs = 90 * MINUTE_MS;
  const count = Math.floor((month + 5 * DAY_MS) / stepMs);
  const late = (n: number) => n % 41 === 7;
  const write = async (chosen: (n: number) => boolean) => {
    for (let n = 0; n < count; n++) if (chosen(n)) await fill(host, 1, stepMs, from + n * stepMs + (n % 7) * MINUTE_MS);
  };
  await write((n) => !late(n));
  const hourStarts = async () =>
    (await db.chunk.findMany({ where: { resolution: RESOLUTIONS.hour.code }, orderBy: { start: "asc" } }))
      .map(({ start }) => (start.getTime() - from) / DAY_MS)
      .filter((day, n, all) => day < 60 && all.indexOf(day) === n);
  const range = { hostId: host.hostId, series: ["cpu.usage"], from, to: from + count * stepMs };
  const read = async () => {
    const byStep = await Promise.all(
      [HOUR_MS, 3 * HOUR_MS, DAY_MS].map((step) => queryRange(db, { ...range, stepMs: step, aggregate: "count" })),
    );
    return byStep.map(({ series }) => series[0]?.points.filter(([, value]) => value !== null));
  };
  const expected = await (async () => {
    await write(late);
    const points = await read();
    await db.frame.deleteMany({ where: { at: { lt: new Date(LATER) } } });
    await write((n) => !late(n));
    return points;
  })();
  await compactDue(db, from + 2 * DAY_MS);
  // As a portal before kept the minutes of a day: in one chunk.
  const { id } = await db.series.findFirstOrThrow({ where: { metric: "cpu.usage" } });
  await joinParts(db, host.hostId, { resolution: "minute", seriesIds: [id], starts: [from, from + DAY_MS] });
  await compactDue(db, LATER);
  assert.deepEqual(await hourStarts(), [0, 30, 31, 32, 33, 34]);
  await write(late);
  await compactDue(db, LATER);
  assert.deepEqual(await hourStarts(), [0, 30, 31, 32, 33, 34]);
  assert.deepEqual(await read(), expected);
});

test("an empty day goes once it is over, and a late frame makes it again", async () => {
  const { db } = await freshDatabase();
  const host = await addLivingHost(db);
  await fill(host, 3);
  assert.deepEqual(await dropEmptyPartitions(db, LATER), ["frame_20260602"], "a day that holds frames stays");
  await compactDue(db, LATER);
  assert.deepEqual(await dropEmptyPartitions(db, LATER), ["frame_20260601"]);
  await fill(host, 3);
  assert.equal(await pending(db), 3);
});

test("a host that fell silent keeps its newest frame, and shows when it last spoke; the frame is compacted once there is a newer", async () => {
  const { db } = await freshDatabase();
  const host = await addHost(db);
  await fill(host, 10);
  const byMinute = () => ask(db, host.hostId, START, START + HOUR_MS, MINUTE_MS, "count");
  const before = await byMinute();
  await compactDue(db, LATER);
  assert.deepEqual(await byMinute(), before, "a minute that is compacted in part is one point");
  const [silent] = await listHosts(db);
  assert.equal(silent?.lastSampleAt?.getTime(), START + 9 * 20_000);
  assert.equal((await currentMetrics(db, { id: host.hostId, name: "web-1" })).timestamp.getTime(), START + 9 * 20_000);
  assert.equal(await pending(db), 1);
  await host.writer.append(frame(Date.now(), [["cpu.usage", 0]]));
  await compactDue(db, LATER);
  assert.equal(await pending(db), 0);
  assert.equal((await ask(db, host.hostId, START, START + HOUR_MS, 20_000))[0]?.length, 10);
});
