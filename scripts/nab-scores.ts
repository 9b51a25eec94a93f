import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readCorpus, scoreFile } from "./steps/nab-corpus.ts";

// npm run --silent bench:nab -- CORPUS OUT
// Runs the shipped detector over every CSV that CORPUS/windows.json names and writes one score per row to OUT/<path>.json.

const [corpus, out] = process.argv.slice(2);
if (!corpus || !out) {
  console.error("✖ npm run bench:nab -- CORPUS OUT");
  process.exit(1);
}
for (const file of readCorpus(corpus)) {
  const target = join(out, file.name.replace(/\.csv$/, ".json"));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, JSON.stringify(scoreFile(file)));
}
process.exit(0);
