import { setPriority } from "node:os";
import { readEnvironment } from "#lib/config/environment.ts";
import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { exportDir, makeFiles } from "#lib/exports/files.ts";
import { log, reasonOf } from "#lib/log.ts";

// Makes the files that wait, and ends: the memory that a large one takes is gone with it. The jobs worker starts it.

const POLITE = 10;
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
process.on("disconnect", () => stop.abort());
setPriority(POLITE);

const db = openDatabase(databaseUrl(), {
  maxConnections: 3,
  applicationName: "sightline-exporter",
  queryLimitMs: 120_000,
});

try {
  const made = await makeFiles(db, exportDir(readEnvironment().dataDir), stop.signal);
  if (made > 0) log.info({ made }, "exports made");
} catch (error) {
  log.warn({ reason: reasonOf(error) }, "exports will be tried again");
} finally {
  await db.$disconnect();
  process.exit(0);
}
