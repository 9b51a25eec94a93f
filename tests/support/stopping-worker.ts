import { setTimeout as sleep } from "node:timers/promises";
import { onStop, ready } from "../../workers/lifecycle.ts";

// A worker that says which steps of its stop it takes.

const write = (text: string) => process.stdout.write(`${text}\n`);
onStop([
  { name: "quick", run: () => write("begun") },
  { name: "slow", run: () => sleep(100).then(() => write("slow")) },
  { name: "broken", run: () => Promise.reject(new Error("broken")) },
  { name: "last", run: () => write("last") },
]);
setInterval(() => undefined, 1_000);
ready();
