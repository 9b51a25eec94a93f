import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Database } from "#lib/db/client.ts";
import { reading } from "#lib/db/reading.ts";
import { type Listener, listen } from "#lib/stream/listener.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { appendBulk, FRAME_CHANNEL, type FrameNotice, Registry } from "#lib/tsdb/append.ts";
import { compactDue } from "#lib/tsdb/maintenance.ts";
import { CHUNK_CHANNEL, heldSeries, queryRange, type RangeQuery, readSamplesOfHosts } from "#lib/tsdb/query.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

// What the web server holds of series, which others write meanwhile: what is answered is what is stored.

const STEP = 15 * SECOND_MS;
const SPAN = 6 * HOUR_MS;
const NOW = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const FROM = Math.floor((NOW - 8 * HOUR_MS) / SPAN) * SPAN;

let db: Database;
let client: pg.Client;
let listener: Listener;
let hostId: number;
let writer: Awaited<ReturnType<typeof addHost>>["writer"];
let notices = 0;
let latest = "";
let statements = 0;

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  client = new pg.Client({ connectionString: fresh.url });
  // When the test is over, the server is stopped under it.
  client.on("error", () => undefined);
  await client.connect();
  await new Promise<void>((resolve) => {
    const onNotice = (channel: string, payload: string) => {
      notices += 1;
      latest = payload;
      if (channel === CHUNK_CHANNEL) return heldSeries().chunksChanged(Number(payload));
      const { host, source, from } = JSON.parse(payload) as FrameNotice;
      heldSeries().framesCame({ hostId: host, sourceId: source }, from);
    };
    listener = listen(fresh.url, [FRAME_CHANNEL, CHUNK_CHANNEL], onNotice, resolve);
  });
});
after(async () => {
  await listener.close();
  await client.end();
});
beforeEach(async () => {
  ({ hostId, writer } = await addHost(db, `host-${notices}`));
  // A notice that came later would have what is held read again.
  await noticed(() => append(FROM, NOW));
  await caughtUp();
  heldSeries().begin();
});
afterEach(() => heldSeries().end());

const valueAt = (at: number) => Math.round(100 * Math.sin(at / 1e6)) / 4;
const readings = (at: number): [string, number][] => [
  ["cpu.usage", valueAt(at)],
  ["network.receive.bytes", (at - FROM) / 100],
];

async function append(from: number, to: number): Promise<void> {
  const source = { kind: "host" as const, name: "" };
  const target = await new Registry(db).resolve(hostId, {
    source,
    at: from,
    intervalMs: STEP,
    readings: frame(from, readings(from)).readings,
  });
  const days =
    "SELECT ensure_frame_partition(d::date) FROM generate_series($1::timestamptz, $2::timestamptz + interval '1 day', '1 day') d";
  await client.query(days, [new Date(from), new Date(to)]);
  const count = Math.ceil((to - from) / STEP);
  const frames = Array.from({ length: count }, (_, n) => {
    const at = from + n * STEP;
    return { at, values: readings(at).map(([, value]) => value) };
  });
  await appendBulk(client, [{ ...target, frames }]);
}

/** Waits until all notices of what was stored up to now have come, in whose order this one comes. */
async function caughtUp(): Promise<void> {
  const mark = `-${notices}`;
  await client.query("SELECT pg_notify($1, $2)", [CHUNK_CHANNEL, mark]);
  for (let n = 0; latest !== mark && n < 500; n++) await sleep(10);
  assert.equal(latest, mark, "its own notice has not come");
}

/** Does something, and waits until notices of it came. */
async function noticed(work: () => Promise<unknown>): Promise<void> {
  const before = notices;
  await work();
  for (let n = 0; notices === before && n < 500; n++) await sleep(10);
  assert.ok(notices > before, "no notice came");
}

const QUERIES: Omit<RangeQuery, "hostId">[] = [
  { series: ["cpu.usage"], from: NOW - HOUR_MS, to: NOW, stepMs: STEP },
  { series: ["cpu.usage", "network.receive.bytes"], from: NOW - 7 * HOUR_MS, to: NOW, stepMs: 5 * MINUTE_MS },
  { series: ["network.receive.bytes"], from: NOW - 2 * HOUR_MS, to: NOW + MINUTE_MS, stepMs: MINUTE_MS },
  { series: ["cpu.usage"], from: NOW - 7 * HOUR_MS, to: NOW, stepMs: 5 * MINUTE_MS, aggregate: "p95" },
];

async function ask() {
  const answers = QUERIES.map((query) =>
    reading(db, new AbortController().signal, (own) => queryRange(own, { hostId, ...query })),
  );
  const [cpu] = await db.series.findMany({ where: { hostId, metric: "cpu.usage" } });
  const key = { hostId, id: cpu?.id ?? 0, sourceId: cpu?.sourceId ?? 0 };
  const raw = await reading(db, new AbortController().signal, (own) => {
    const counted = {
      isApart: true as const,
      $queryRaw: ((...args: Parameters<typeof own.$queryRaw>) => {
        statements += 1;
        return own.$queryRaw(...args);
      }) as typeof own.$queryRaw,
    };
    return readSamplesOfHosts(counted, [key], { from: NOW - 7 * HOUR_MS, to: NOW - MINUTE_MS });
  });
  return { answers: await Promise.all(answers), raw };
}

/** That what is held answers as the database does. */
async function assertCurrent(): Promise<void> {
  const answered = await ask();
  heldSeries().end();
  const stored = await ask();
  heldSeries().begin();
  assert.deepEqual(answered, stored);
}

test("what is asked again, and has not changed, is not read again", async () => {
  const first = await ask();
  statements = 0;
  assert.deepEqual(await ask(), first);
  assert.equal(statements, 0);
});

test("a frame that comes is there for who asks next, before its notice and after", async () => {
  await ask();
  await writer.append(frame(NOW, readings(NOW), STEP));
  assert.equal((await ask()).answers[2]?.series[0]?.points.at(-1)?.[0], NOW);
  await noticed(() => append(NOW + STEP, NOW + 2 * STEP));
  await assertCurrent();
});

test("a frame that comes late stands where it belongs, and one that is stored anew in its place", async () => {
  for (const at of [NOW - 30 * MINUTE_MS + 1_000, NOW - HOUR_MS, FROM + HOUR_MS + 1_000]) {
    await ask();
    await noticed(() => writer.append(frame(at, [["cpu.usage", 400]], STEP)));
    await assertCurrent();
  }
});

test("what is compacted, and what comes late into it, is answered as it is stored", async () => {
  await ask();
  await noticed(() => compactDue(db, NOW));
  await assertCurrent();
  await ask();
  await noticed(() => writer.append(frame(FROM + HOUR_MS + 1_000, [["cpu.usage", -400]], STEP)));
  await assertCurrent();
  await ask();
  await noticed(() => compactDue(db, NOW));
  await assertCurrent();
  await ask();
  await noticed(() => db.chunk.deleteMany({ where: { hostId } }));
  await assertCurrent();
});

test("late samples that are dropped, since theirs are kept no longer, are answered no more", async () => {
  await ask();
  await noticed(() => compactDue(db, NOW, { keptFrom: NOW }));
  await assertCurrent();
});

test("many ask at once while frames come, and all have the same in the end", async () => {
  const questions = Array.from({ length: 6 }, async (_, n) => {
    await sleep(n * 3);
    return ask();
  });
  for (let n = 0; n < 12; n++) await writer.append(frame(NOW - n * 7 * MINUTE_MS + 2_000, readings(n), STEP));
  await Promise.all(questions);
  await sleep(100);
  await assertCurrent();
});

test("of two that ask at once for a long and a short time, the long one is held", async () => {
  const cpu = (from: number) =>
    reading(db, new AbortController().signal, (own) =>
      queryRange(own, { hostId, series: ["cpu.usage"], from, to: NOW, stepMs: STEP }),
    );
  await Promise.all([cpu(NOW - HOUR_MS), cpu(NOW - 3 * HOUR_MS), cpu(NOW - 30 * MINUTE_MS)]);
  const [series] = await db.series.findMany({ where: { hostId, metric: "cpu.usage" } });
  const key = { hostId, sourceId: series?.sourceId ?? 0, id: series?.id ?? 0, resolution: "raw" as const };
  assert.ok(heldSeries().find(key, NOW - 3 * HOUR_MS), "from its beginning on");
});
