import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeSamples } from "#lib/tsdb/chunks/chunks.ts";
import { compactSpan } from "#lib/tsdb/maintenance/compact.ts";
import { addLivingHost, fill, pending, START } from "../support/compacting.ts";
import { freshDatabase } from "../support/database.ts";

test("a source of so many series that they are compacted a few at a time has the same chunks", async () => {
  const chunksOf = async (mostValues?: number) => {
    const { db } = await freshDatabase();
    const host = await addLivingHost(db);
    await fill(host, 300);
    const [source] = await db.source.findMany();
    const compacted = await compactSpan(db, host.hostId, source?.id ?? 0, START, mostValues ? { mostValues } : {});
    const chunks = await db.chunk.findMany({ orderBy: [{ resolution: "asc" }, { seriesId: "asc" }, { start: "asc" }] });
    return { compacted, pending: await pending(db), chunks };
  };
  const whole = await chunksOf();
  assert.ok(whole.chunks.length > 0);
  assert.equal(whole.pending, 0);
  for (const mostValues of [600, 100, 1]) assert.deepEqual(await chunksOf(mostValues), whole, `${mostValues} values`);
});

test("a frame that is completed while its many series are compacted is not lost", async () => {
  const { db } = await freshDatabase();
  const host = await addLivingHost(db);
  await fill(host, 200);
  const [source] = await db.source.findMany();
  const compact = () => compactSpan(db, host.hostId, source?.id ?? 0, START, { mostValues: 100 });
  const at = new Date(START);
  let compacting: Promise<unknown> | undefined;
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`UPDATE frame SET "values"[1] = 77 WHERE at = ${at}`;
    compacting = assert.rejects(compact(), /could not serialize/);
    // It waits for this transaction with the deletion, after it has read.
    const isWaiting = async () =>
      (
        await db.$queryRaw<
          unknown[]
        >`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'DELETE FROM frame%'`
      ).length > 0;
    while (!(await isWaiting())) await sleep(20);
  });
  await compacting;
  assert.equal(await pending(db), 198);
  assert.equal((await compact()).frames, 198);
  const [series] = await db.series.findMany({ where: { metric: "cpu.usage" } });
  const [first] = await db.chunk.findMany({ where: { seriesId: series?.id ?? 0, resolution: 0 } });
  assert.equal(decodeSamples(first?.data ?? new Uint8Array()).values[0], 77);
});
