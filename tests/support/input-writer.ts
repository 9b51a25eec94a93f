import { openDatabase } from "#lib/db/client.ts";
import type { InputCaller } from "#lib/inputs/credentials.ts";
import { storeIncoming } from "#lib/inputs/store-incoming.ts";
import { inputPart } from "./inputs.ts";

// Stores the parts of a stream one after another, and says of each that it is stored: until somebody kills it.
const [, , url = "", caller = "", start = "", first = "0"] = process.argv;
const db = openDatabase(url);
const input = JSON.parse(caller) as InputCaller;
for (let n = Number(first); ; n++) {
  await Promise.all([0, 1, 2].map((shard) => storeIncoming(db, input, inputPart(Number(start), n, shard), Date.now())));
  process.stdout.write(`${n}\n`);
}
