import { openDatabase } from "#lib/db/client.ts";
import { compactDue } from "#lib/tsdb/maintenance.ts";

// A worker that compacts until it is killed: the fault-injection test starts and kills it a hundred times.
const db = openDatabase(process.argv[2] ?? "", { maxConnections: 2 });
process.stdout.write("ready\n");
for (;;) {
  await compactDue(db, Date.now());
  await new Promise((resolve) => setTimeout(resolve, 5));
}
