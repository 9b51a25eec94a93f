import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Prober, proberAt } from "#lib/collect/prober.ts";
import { certificateSensor } from "#lib/collect/sensors/certificates.ts";

const prober = new Prober(proberAt(join(import.meta.dirname, "..", "..", "..", "workers", "prober.ts")));
after(() => prober.stop());

const PEM = join(import.meta.dirname, "..", "..", "fixtures", "certificate.pem");

test("a certificate's time is told; one that cannot be had is left out and holds nothing up", async () => {
  const sensor = certificateSensor(prober, [PEM, "127.0.0.1:9", "/nowhere.pem"]);
  assert.deepEqual(sensor.read(), []);
  for (let waited = 0; waited < 5_000 && (await sensor.read()).length === 0; waited += 20) await sleep(20);
  const [reading, ...others] = await sensor.read();
  assert.deepEqual(others, []);
  assert.deepEqual([reading?.metric, reading?.labels], ["certificate.expires", { certificate: PEM }]);
  const end = Date.parse(new X509Certificate(readFileSync(PEM)).validTo);
  assert.ok(Math.abs((reading?.value ?? 0) - (end - Date.now()) / 1000) < 60);
});

test("without any certificate named nothing is looked up", () => {
  assert.deepEqual(certificateSensor(prober, []).read(), []);
});
