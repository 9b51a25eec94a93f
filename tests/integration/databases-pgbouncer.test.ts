import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import { databaseServerSchema } from "#lib/contract/database-rows.ts";
import { checkServer } from "#lib/databases/check-server.ts";
import { readServer } from "#lib/databases/list-servers.ts";
import { readFindings } from "#lib/databases/read-findings.ts";
import { ServerSampler } from "#lib/databases/sampling/sampler.ts";
import { createServer, findServer, targetOf } from "#lib/databases/store/servers.ts";
import type { Database } from "#lib/db/client.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";
import { installPackages } from "../../scripts/steps/debian.ts";
import { addHost, freshDatabase } from "../support/database.ts";
import { DebianPostgres, missingDebianPostgres } from "../support/debian-postgres.ts";
import { addPerson } from "../support/people.ts";
import { PgBouncer } from "../support/pgbouncer.ts";

process.env.NEXTAUTH_SECRET = "a secret of this test that is long enough";

const missing =
  missingDebianPostgres() ??
  (existsSync(PgBouncer.PROGRAM) || (await installPackages("pgbouncer", ["pgbouncer"]).catch(() => false))
    ? undefined
    : "pgbouncer cannot be installed here: apt-get install pgbouncer");
const skip = missing ?? false;

let db: Database;
let id: number;
let primary: DebianPostgres;
let pooler: PgBouncer;
const at = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 10 * MINUTE_MS;

before(async () => {
  if (missing) return;
  ({ db } = await freshDatabase());
  const { hostId } = await addHost(db);
  primary = await DebianPostgres.start();
  pooler = await PgBouncer.start(primary.port, { default_pool_size: "1", max_client_conn: "20" });
  const input = {
    name: "pool",
    kind: "pgbouncer",
    address: "127.0.0.1",
    port: pooler.port,
    database: "pgbouncer",
    user: "stats",
  };
  const admin = { id: await addPerson(db, "admin"), role: "admin" as const };
  id = await createServer(db, { ...databaseServerSchema.parse(input), hostId }, admin);
});

after(() => {
  pooler?.remove();
  primary?.remove();
});

test("PgBouncer's pools and statistics are read by a user that may see statistics only, and clients that wait are found", {
  skip,
}, async () => {
  const check = await checkServer(targetOf(await findServer(db, id)));
  assert.match(check.version, /^1\./);
  assert.deepEqual(check.problems, []);
  const writer = new FrameWriter(db, new Registry(db));
  const sampler = new ServerSampler(db, await findServer(db, id), (host, frame) => writer.append(host, frame));
  const [busy, waiting] = [await pooler.connect("postgres"), await pooler.connect("postgres")];
  await busy.query("BEGIN");
  await busy.query("SELECT 1");
  const waits = waiting.query("SELECT 2");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await sampler.sample(at);
  await busy.query("COMMIT");
  await waits;
  await Promise.all([busy.end(), waiting.end()]);
  await sampler.close();
  const [finding] = await readFindings(db, id, at);
  assert.match(finding?.title ?? "", /^1 client waits for a server connection/);
  const clients = await db.series.findMany({ where: { metric: "pgbouncer.clients" } });
  assert.deepEqual(clients.map(({ labelsKey }) => labelsKey).sort(), [
    'database="postgres",server="pool",state="active"',
    'database="postgres",server="pool",state="waiting"',
  ]);
  const info = await readServer(db, id, at);
  assert.deepEqual([info.kind, info.state], ["pgbouncer", "warning"]);
});
