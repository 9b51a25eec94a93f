import { parentPort, workerData } from "node:worker_threads";
import { estimateStrength } from "#lib/access/estimate-strength.ts";

// A thread that estimates how strong a password is, and ends with the memory that it took.

const { password, words } = workerData as { password: string; words: string[] };
parentPort?.postMessage(await estimateStrength(password, words));
