import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { runningClusterUrl, startCluster } from "#lib/db/embedded/cluster.ts";
import { lockDataDir, lockHolder } from "#lib/db/embedded/lock.ts";

const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-cluster-"));
  after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return [(await client.query({ text: sql, rowMode: "array" })).rows ?? []].flat(2);
  } finally {
    await client.end();
  }
}

test("a killed server leaves what was committed, and the next start recovers it on the port that was asked for", async () => {
  const dir = folder();
  const first = await startCluster(dir);
  assert.equal(await runningClusterUrl(dir), first.url);
  await ask(first.url, "CREATE TABLE kept (n int); INSERT INTO kept SELECT generate_series(1, 1000)");
  process.kill(first.pid, "SIGKILL");
  await first.ended;
  const second = await startCluster(dir, first.port);
  assert.equal(second.url, first.url);
  assert.deepEqual(await ask(second.url, "SELECT count(*)::int FROM kept"), [1000]);
  await second.stop();
  assert.equal(await runningClusterUrl(dir), undefined);
});

test("a server that outlived its killed portal is taken over by the next", async () => {
  const dir = folder();
  const left = await startCluster(dir);
  await ask(left.url, "CREATE TABLE kept (n int)");
  const next = await startCluster(dir);
  assert.notEqual(next.pid, left.pid);
  assert.deepEqual(await ask(next.url, "SELECT count(*)::int FROM kept"), [0]);
  await next.stop();
});

test("a cut-off first start is begun again", async () => {
  const dir = folder();
  mkdirSync(join(dir, "postgres"));
  writeFileSync(join(dir, "postgres", "PG_VERSION"), "18");
  const cluster = await startCluster(dir);
  assert.deepEqual(await ask(cluster.url, "SELECT current_database()"), ["sightline"]);
  await cluster.stop();
});

test("a data folder has one holder at a time; one that died has let go", async () => {
  const dir = folder();
  const unlock = lockDataDir(dir);
  assert.throws(() => lockDataDir(dir), /in use by process/);
  assert.equal(lockHolder(dir), process.pid);
  unlock();
  const dead = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => dead.on("exit", resolve));
  writeFileSync(join(dir, "sightline.pid"), `${dead.pid} 1\n`);
  assert.equal(lockHolder(dir), undefined);
  lockDataDir(dir)();
});

test("a data folder below one that is closed to others serves as well", async () => {
  const closed = folder();
  chmodSync(closed, 0o700);
  const dir = join(closed, "data");
  mkdirSync(dir);
  const cluster = await startCluster(dir);
  assert.deepEqual(await ask(cluster.url, "SELECT current_database()"), ["sightline"]);
  await cluster.stop();
});
