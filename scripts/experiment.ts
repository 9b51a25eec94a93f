import { readFileSync } from "node:fs";
import { answer, type Question } from "#lib/experiments/evaluate.ts";

// npm run --silent experiment:evaluate -- FILE
// Answers each question of a JSON array of {"id","kind","input"}; prints an array of {"id","output"}.

const [file] = process.argv.slice(2);
if (!file) {
  console.error("✖ npm run experiment:evaluate -- FILE");
  process.exit(1);
}
const questions = JSON.parse(readFileSync(file, "utf8")) as (Question & { expected?: Record<string, unknown> })[];
const answers = questions.map((question) => {
  const output = answer(question);
  // Where the file says which keys it expects, it gets these.
  const keys = question.expected ? Object.keys(question.expected) : Object.keys(output);
  return { id: question.id, output: Object.fromEntries(keys.map((key) => [key, output[key]])) };
});
console.log(JSON.stringify(answers));
process.exit(0);
