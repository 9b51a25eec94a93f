import { openDatabase } from "#lib/db/client.ts";
import { sealProcesses } from "#lib/processes/seal.ts";

// A worker that seals until it is killed: a test starts and kills it many times.
const db = openDatabase(process.argv[2] ?? "", { maxConnections: 2 });
process.stdout.write("ready\n");
for (;;) {
  await sealProcesses(db, Date.now());
  await new Promise((resolve) => setTimeout(resolve, 5));
}
