import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { migrate } from "#lib/db/migrate.ts";
import { assign } from "#lib/experiments/assign.ts";
import { readExperiment, readHistory } from "#lib/experiments/read-experiments.ts";
import { readDimensions } from "#lib/experiments/read-results.ts";
import { freshDatabase } from "../support/database.ts";

const PRISMA = join(import.meta.dirname, "..", "..", "prisma");
const RENAMED = "20261125170000_experiment_words";

/** The migrations that came before the words changed. */
function olderMigrations(): string {
  const dir = mkdtempSync(join(tmpdir(), "sightline-prisma-"));
  after(() => rmSync(dir, { recursive: true }));
  cpSync(PRISMA, dir, { recursive: true });
  for (const name of readdirSync(join(dir, "migrations")))
    if (name >= RENAMED && name !== "migration_lock.toml") rmSync(join(dir, "migrations", name), { recursive: true });
  return dir;
}

test("experiments of an older release keep their plan, subjects and history in the new words", async () => {
  const { db, url } = await freshDatabase("template0");
  await migrate(url, olderMigrations());
  const older = { seed: "", coverage: 0.4, segment: "device", maxDays: 40, engine: "fixed" };
  for (const status of ["draft", "running", "stopped"])
    await db.$executeRawUnsafe(
      `WITH e AS (INSERT INTO experiment (key, name, kind, status, tags, plan) VALUES ($1, $1, 'ab', $1, '{}', $2::jsonb) RETURNING id),
       v AS (INSERT INTO variant SELECT id, key, key, 1, n, '{}' FROM e, (VALUES ('a', 0), ('b', 1)) v (key, n)),
       m AS (INSERT INTO experiment_metric (experiment_id, key, name, role, kind, category, event, better, min_effect, margin, position)
         SELECT id, 'orders', 'orders', 'primary', 'count', 'quality', 'order', 'up', 0, 0, 0 FROM e),
       t AS (INSERT INTO experiment_total SELECT id, '', 'a', 'mobile', '2026-09-01', 5, 0, 0, 0, 0, 0, 0, 0, 0 FROM e),
       d AS (INSERT INTO verdict (experiment_id, decision, reasons, record) SELECT id, 'roll_back', '[]', '{}' FROM e)
       INSERT INTO experiment_change (experiment_id, action, change) SELECT id, 'amend', $3::jsonb FROM e`,
      status,
      JSON.stringify(status === "draft" ? { maxDays: 40 } : older),
      JSON.stringify({ maxDays: { from: 28, to: 40 }, stopOn: { from: ["harm"], to: [] } }),
    );
  await migrate(url, PRISMA);

  for (const key of ["draft", "running", "stopped"]) {
    const experiment = await readExperiment(db, key);
    const { plan, status, decision, metrics } = experiment;
    assert.deepEqual([plan.maxDays, status, decision, metrics[0]?.better], [40, key, "roll_back", "up"]);
    const [share, attribute] = key === "draft" ? [1, null] : [0.4, "device"];
    assert.deepEqual([plan.trafficAllocation, plan.dimension], [share, attribute]);
    const [change] = await readHistory(db, experiment.id);
    assert.deepEqual(change?.change, { max_days: { from: 28, to: 40 }, stop_on: { from: ["harm"], to: [] } });
    assert.deepEqual(
      (await readDimensions(db, experiment)).map(({ dimension }) => dimension),
      ["mobile"],
    );
  }
});

test("subjects keep the variants that they had before the words changed", () => {
  const plan = { targeting: [], exclusion: null, seed: "", trafficAllocation: 0.5 } as never;
  const variants = [
    { key: "a", weight: 1 },
    { key: "b", weight: 1 },
  ];
  const assigned = ["ana", "ben", "cleo", "dan", "eve", "fay", "gus", "hal"].map(
    (subject) => assign({ key: "checkout", plan, variants }, subject).variant,
  );
  assert.deepEqual(assigned, ["a", null, null, null, "b", null, "b", null]);
});
