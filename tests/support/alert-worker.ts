import { deliverAlerts } from "#lib/alerts/deliver.ts";
import { evaluateAlerts } from "#lib/alerts/evaluate.ts";
import { openDatabase } from "#lib/db/client.ts";

// Evaluates and delivers by a clock that runs faster than ours, until it is killed.

const [url = "", begin = "", start = "", factor = ""] = process.argv.slice(2);
const now = () => Number(start) + (Date.now() - Number(begin)) * Number(factor);

const db = openDatabase(url, { maxConnections: 2 });
process.stdout.write("ready\n");
for (;;) {
  await evaluateAlerts(db, now());
  await deliverAlerts(db, { mail: undefined, portal: "https://s.example" }, { now });
  await new Promise((resolve) => setTimeout(resolve, 20));
}
