import assert from "node:assert/strict";
import { test } from "node:test";
import { callRoute } from "../support/api.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

test("health is 200 while samples come and 503 with a reason when they stop", async () => {
  const { db, url } = await freshDatabase();
  process.env.DATABASE_URL = url;
  const { writer } = await addHost(db);
  const health = async () => {
    const response = await callRoute({ method: "get", path: "/health" });
    return [response.status, ((await response.json()) as { status: string }).status];
  };
  await writer.append(frame(Date.now(), [["cpu.usage", 10]]));
  assert.deepEqual(await health(), [200, "ok"]);
  await db.$executeRaw`UPDATE frame SET at = at - interval '1 hour'`.catch(() => db.$executeRaw`DELETE FROM frame`);
  // Whoever asks within a second is given the same answer.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  assert.deepEqual(await health(), [503, "unavailable"]);
});
