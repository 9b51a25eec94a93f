import { openDatabase } from "#lib/db/client.ts";
import { runDueJobs } from "#lib/jobs/worker.ts";

// A worker that is slow with each job until it is killed: it writes down that it began and that it ended.

const db = openDatabase(process.argv[2] ?? "", { maxConnections: 2 });
const write = (text: string) => process.stdout.write(`${text}\n`);
await runDueJobs<{ name: string }>(db, "webhook", {
  async run({ name }) {
    write(`begun ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    write(`done ${name}`);
  },
});
await db.$disconnect();
process.exit(0);
