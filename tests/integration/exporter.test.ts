import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, mock, test } from "node:test";
import { createJob, listJobs } from "#lib/exports/jobs.ts";
import { Dispatcher } from "#lib/jobs/dispatcher.ts";
import { log } from "#lib/log.ts";
import { exporterRunner } from "../../workers/exporter-process.ts";
import { freshDatabase } from "../support/database.ts";

const EXPORTER = join(import.meta.dirname, "..", "..", "workers", "exporter.ts");
const NOBODY_LISTENS = "postgresql://sightline@127.0.0.1:1/sightline";
const dir = mkdtempSync(join(tmpdir(), "sightline-exporter-"));
after(() => rmSync(dir, { recursive: true }));
process.env.DATA_DIR = dir;

test("an exporter that does not reach its database fails; its exports wait and are made once it does", {
  timeout: 60_000,
}, async () => {
  const { db, url } = await freshDatabase();
  const person = { email: "ana@example.org", name: "Ana", passwordHash: "x", role: "admin" as const };
  const { id: ownerId } = await db.user.create({ data: person });
  const audit = { kind: "audit" as const, from: "now-1d", to: "now" };
  await createJob(db, audit, { ownerId, role: "admin", format: "csv", now: Date.now() });

  const warned = mock.method(log, "warn", () => undefined);
  const runExporter = exporterRunner(EXPORTER);
  const idle = async () => undefined;
  const dispatcher = new Dispatcher(db, {
    ...{ export: runExporter, mail: idle, notice: idle, webhook: idle, alert: idle, "report schedule": idle },
  });
  process.env.DATABASE_URL = NOBODY_LISTENS;
  const stop = new AbortController();
  const dispatched = dispatcher.run(stop.signal);
  while (warned.mock.callCount() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort();
  await dispatched;
  const [said, about] = [warned.mock.calls[0]?.arguments.at(0) as { reason?: string }, await db.job.findFirstOrThrow()];
  assert.equal(said.reason, "The exporter ended with 1");
  assert.deepEqual([about.state, about.attempts], ["queued", 0]);

  process.env.DATABASE_URL = url;
  await Promise.all([1, 2].map(() => runExporter(new AbortController().signal)));
  assert.equal((await listJobs(db, ownerId))[0]?.status, "done");
});
