import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SETUPS } from "#components/inputs/setups.ts";
import { API_ROOT, PROMETHEUS_ROOT } from "#lib/contract/endpoint.ts";
import { inputs } from "#lib/contract/inputs.ts";
import { prometheus } from "#lib/contract/prometheus.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "inputs.md"), "utf8");

test("the page on inputs shows the configuration that the portal shows, and a request that the API takes", () => {
  const setup = SETUPS.remote_write?.("https://sightline.example", "sli_…");
  assert.ok(setup && page.includes(setup.text), setup?.text);
  assert.ok(page.includes(`https://sightline.example${PROMETHEUS_ROOT}${prometheus.write.path}`));
  assert.ok(page.includes(`https://sightline.example${API_ROOT}${inputs.create.path}`));
  const body = /--data '(.*)'/.exec(page)?.[1] ?? "";
  const { maxSeries, maxBodyKib, maxSamplesPerSecond } = inputs.create.body?.parse(JSON.parse(body)) ?? {};
  assert.deepEqual([maxSeries, maxBodyKib, maxSamplesPerSecond], [10_000, 16 * 1024, 100_000]);
});
