import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { estimateStrength } from "#lib/access/estimate-strength.ts";
import { estimatorOf } from "../../../workers/web/strength-thread.ts";

const program = (name: string) => join(import.meta.dirname, "..", "..", "..", "workers", name);

test("a password is judged the same in a thread of its own, however many are chosen at once", async () => {
  const estimate = estimatorOf(program("strength.ts"));
  const passwords = ["password1234", "velvet otter piano 42 quarry", "\u0000\ud800", ""];
  const here = await Promise.all(passwords.map((password) => estimateStrength(password, ["sightline"])));
  assert.deepEqual(await Promise.all(passwords.map((password) => estimate(password, ["sightline"]))), here);
  assert.deepEqual(
    here.map(({ score }) => score >= 3),
    [false, true, false, false],
  );
});

test("where no thread can estimate, whoever chooses a password gets an error", async () => {
  await assert.rejects(estimatorOf(program("nothing.ts"))("password1234", []), /nothing\.ts/);
});
