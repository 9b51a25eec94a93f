import { setPriority } from "node:os";
import { readEnvironment } from "#lib/config/environment.ts";
import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { exportDir, makeFiles } from "#lib/exports/files.ts";
import { log, reasonOf } from "#lib/log.ts";
import { onStop, stopSignal } from "./lifecycle.ts";
import { receiveSecrets } from "./secrets.ts";

// Makes the files that wait, and ends: the memory that a large one takes is gone with it. The background worker starts it.

await receiveSecrets();

const LOW_PRIORITY = 10;
setPriority(LOW_PRIORITY);

const db = openDatabase(databaseUrl(), {
  maxConnections: 3,
  applicationName: "sightline-exporter",
  queryLimitMs: 120_000,
});

const work = makeFiles(db, exportDir(readEnvironment().dataDir), stopSignal)
  .then((made) => {
    if (made > 0) log.info({ made }, "exports made");
    return 0;
  })
  .catch((error: Error) => {
    log.warn({ reason: reasonOf(error) }, "exports will be tried again");
    return 1;
  });

const stop = onStop([
  { name: "files", run: () => work },
  { name: "database", run: () => db.$disconnect() },
]);
await stop(await work);
