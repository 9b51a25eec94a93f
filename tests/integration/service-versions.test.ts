import assert from "node:assert/strict";
import { before, test } from "node:test";
import { listAnnotations, recordAnnotation } from "#lib/annotations/annotations.ts";
import { type Database, openDatabase } from "#lib/db/client.ts";
import { receiveOtlp } from "#lib/otlp/receive.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { freshDatabase } from "../support/database.ts";
import { otlpInputs } from "../support/inputs.ts";
import { jsonBody, metricsJson, nanos, spansJson } from "../support/otlp.ts";

const NOW = Math.floor(Date.now() / 1_000) * 1_000;

let db: Database;
let url: string;
before(async () => {
  ({ db, url } = await freshDatabase());
});

const fresh = otlpInputs(() => db, "versions");
type Input = Awaited<ReturnType<typeof fresh>>;
type Sent = { version?: string; service?: string; at: number; to?: Database };

/** A service sends a metric, in a version. */
async function sendMetric(input: Input, { version, service = "shop", at, to = db }: Sent) {
  const metric = { name: "queue", gauge: { dataPoints: [{ timeUnixNano: nanos(at), asInt: "1" }] } };
  const resource = { "service.name": service, ...(version !== undefined && { "service.version": version }) };
  await receiveOtlp(to, input, "metrics", jsonBody(metricsJson([metric], resource)), at);
}

const deploys = async ({ hostId }: Input, service = "shop") =>
  (await listAnnotations(db, { hostId, from: 0, to: NOW + DAY_MS, kind: "deploy", service }))
    .map(({ version, at }) => [version, at.getTime()] as const)
    .reverse();

test("a new version of a service is a deploy once; its first one, and none at all, are not", async () => {
  const input = await fresh();
  await sendMetric(input, { at: NOW - HOUR_MS });
  await sendMetric(input, { version: "1.0", at: NOW - HOUR_MS });
  await sendMetric(input, { version: "1.0", at: NOW - 30 * MINUTE_MS });
  assert.deepEqual(await deploys(input), []);
  for (const [n, version] of ["1.1", "1.0", "1.1", "1.1", "1.0"].entries())
    await sendMetric(input, { version, at: NOW - 20 * MINUTE_MS + n * MINUTE_MS });
  assert.deepEqual(await deploys(input), [["1.1", NOW - 20 * MINUTE_MS]], "side by side they are one deploy");
  assert.deepEqual(await deploys(await fresh()), [], "another input has services of its own");
});

test("spans say versions as metrics do, and a restart or another process knows them", async () => {
  const input = await fresh();
  const spans = (version: string, to: Database, at: number) =>
    receiveOtlp(
      to,
      input,
      "traces",
      jsonBody(spansJson([], { "service.name": "shop", "service.namespace": "eu", "service.version": version })),
      at,
    );
  await spans("a", db, NOW - HOUR_MS);
  const other = openDatabase(url);
  await Promise.all([spans("b", db, NOW), spans("b", other, NOW), spans("a", other, NOW)]);
  await other.$disconnect();
  assert.deepEqual(await deploys(input, "eu/shop"), [["b", NOW]]);
});

test("versions that are there when a service is first seen were not deployed then", async () => {
  const input = await fresh();
  for (const [n, version] of ["2", "1", "3-canary"].entries())
    await sendMetric(input, { version, at: NOW - HOUR_MS + n * 30_000 });
  assert.deepEqual(await deploys(input), []);
});

test("a deploy that CI has recorded is not recorded again", async () => {
  const input = await fresh();
  await sendMetric(input, { version: "1.0", service: "eu/shop", at: NOW - HOUR_MS });
  const recorded = { hostId: null, at: new Date(NOW - MINUTE_MS), kind: "deploy" as const, text: "shop v1.1 deployed" };
  const { id } = await recordAnnotation(db, { ...recorded, service: "shop", version: "v1.1" });
  await sendMetric(input, { version: "1.1", service: "eu/shop", at: NOW });
  assert.deepEqual(await deploys(input, "eu/shop"), [["v1.1", NOW - MINUTE_MS]]);
  await db.annotation.delete({ where: { id } });
});

test("a version for each start fills nothing, and whatever it says is stored or left out", async () => {
  const input = await fresh();
  await sendMetric(input, { version: "0", at: NOW - HOUR_MS });
  for (let n = 1; n <= 30; n++) await sendMetric(input, { version: `build ${n}`, at: NOW - n });
  assert.equal((await deploys(input)).length, 19, "twenty a day, the first among them");
  const odd = await fresh();
  await sendMetric(odd, { version: "1", service: "\ud800\u0000", at: NOW - HOUR_MS });
  await sendMetric(odd, { version: `\u0000\ud800${"x".repeat(400)}`, service: "\ud800\u0000", at: NOW });
  const [annotation] = await listAnnotations(db, { hostId: odd.hostId, from: 0, to: NOW + DAY_MS });
  assert.equal(annotation?.version.length, 200);
});
