import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SCRAPE_EXAMPLE, SETUPS } from "#components/inputs/setups.ts";
import { inputs } from "#lib/contract/inputs.ts";
import { prometheus } from "#lib/contract/prometheus.ts";
import { API_ROOT, PROMETHEUS_ROOT } from "#lib/contract/roots.ts";
import { readConfig } from "#lib/scrape/config/read-config.ts";

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

test("the page on inputs shows the example of the form, and its configurations are taken", () => {
  assert.ok(page.includes(SCRAPE_EXAMPLE));
  assert.equal(readConfig(SCRAPE_EXAMPLE).settings.job_name, "node");
  const [, example = ""] = [...page.matchAll(/--data '(.*)'/g)].map(([, body]) => body);
  const { kind, scrape = "" } = inputs.create.body?.parse(JSON.parse(example)) ?? {};
  assert.deepEqual([kind, readConfig(scrape).settings.static_configs], ["scrape", [{ targets: ["127.0.0.1:9100"] }]]);
});
