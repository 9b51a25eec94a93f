import assert from "node:assert/strict";
import { test } from "node:test";
import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";
import { SETUPS } from "#components/inputs/setups.ts";
import { INTEGRATIONS } from "#lib/integrations/definitions/index.ts";
import type { CodeLanguage } from "#lib/integrations/parts/integration.ts";
import { typeOf } from "#lib/promql/syntax/check.ts";
import { parseExpression } from "#lib/promql/syntax/parse.ts";

const SENDER = { url: "https://sightline.example", token: "sli_secret" };

/** All texts of set-ups in some languages, by what they are of. */
const texts = (...languages: CodeLanguage[]): [string, string][] =>
  INTEGRATIONS.flatMap(({ id, setups }) =>
    setups.flatMap(({ steps }) =>
      steps.flatMap(({ code }): [string, string][] =>
        code && languages.includes(code.language) ? [[`${id}, ${code.where}`, code.text(SENDER)]] : [],
      ),
    ),
  );

test("every panel's expression is PromQL that can be drawn, and titles are there once", () => {
  for (const { id, panels } of INTEGRATIONS) {
    assert.ok(panels.length >= 8, `${id}: ${panels.length} panels`);
    assert.equal(new Set(panels.map(({ title }) => title)).size, panels.length, id);
    for (const { title, expression } of panels)
      assert.match(typeOf(parseExpression(expression)), /^(vector|scalar)$/, `${id}, ${title}`);
  }
});

test("the main metrics of each integration are its own by its pattern, but for those that tell of targets", () => {
  for (const { id, main, metrics } of INTEGRATIONS)
    for (const metric of main.filter((name) => name !== "up")) assert.match(metric, metrics, id);
  const ids = INTEGRATIONS.map(({ id }) => id);
  assert.equal(new Set(ids).size, 14);
  for (const id of ids) assert.match(id, /^[a-z_]+$/);
});

test("no metric of one integration is taken for another's", () => {
  for (const { id, main } of INTEGRATIONS)
    for (const metric of main)
      for (const other of INTEGRATIONS.filter((each) => each.id !== id))
        assert.ok(!other.metrics.test(metric), `${metric} of ${id} is also ${other.id}'s`);
});

test("a set-up with a token shows it where it belongs, and the portal's address, in the words of the page Inputs", () => {
  for (const { id, setups } of INTEGRATIONS)
    for (const { kind, title, steps } of setups) {
      const all = steps.map(({ code }) => code?.text(SENDER) ?? "").join("\n");
      assert.equal(all.includes(SENDER.token), kind !== undefined, `${id}, ${title}`);
      assert.ok(all.includes(SENDER.url), `${id}, ${title}`);
      assert.ok(kind === undefined || SETUPS[kind], `${id}, ${title}`);
    }
});

test("shown YAML (of a Collector and of Grafana, whose programs are not in Debian) and entries to scrape are YAML", () => {
  for (const [name, text] of texts("yaml", "collector", "prometheus"))
    assert.equal(typeof parseYaml(text, { strict: true }), "object", name);
  for (const { id, scrape } of INTEGRATIONS) {
    if (!scrape) continue;
    const entry = parseYaml(scrape) as { job_name: string; static_configs: { targets: string[] }[] };
    assert.match(entry.static_configs[0]?.targets[0] ?? "", /^localhost:\d+$/, id);
  }
});

type CollectorConfig = {
  receivers: object;
  processors?: object;
  exporters: object;
  service: { pipelines: Record<string, Record<"receivers" | "processors" | "exporters", string[] | undefined>> };
};

test("a Collector's pipelines name only what its configuration has (by its syntax: the program is not in Debian)", () => {
  const all = texts("collector");
  assert.equal(all.length, 2);
  for (const [name, text] of all) {
    const { service, ...parts } = parseYaml(text) as CollectorConfig;
    for (const pipeline of Object.values(service.pipelines))
      for (const part of ["receivers", "processors", "exporters"] as const)
        for (const used of pipeline[part] ?? []) assert.ok(used in (parts[part] ?? {}), `${name}: ${used}`);
  }
});

test("Telegraf's configuration is TOML with the headers of remote write (by its syntax: the program is not in Debian)", () => {
  const [[, text = ""] = []] = texts("toml");
  const { outputs } = parseToml(text) as { outputs: { http: { url: string; headers: Record<string, string> }[] } };
  assert.equal(outputs.http[0]?.url, `${SENDER.url}/prometheus/api/v1/write`);
  assert.equal(outputs.http[0]?.headers.Authorization, `Bearer ${SENDER.token}`);
  assert.equal(outputs.http[0]?.headers["Content-Type"], "application/x-protobuf");
});

test("Alloy's configuration closes what it opens, and forwards to what it has (the program is not in Debian)", () => {
  for (const [name, text] of texts("alloy")) {
    const count = (mark: RegExp) => text.match(mark)?.length ?? 0;
    assert.equal(count(/\{/g), count(/\}/g), name);
    assert.equal(count(/"/g) % 2, 0, name);
    for (const [, kind, label] of text.matchAll(/[[ ](prometheus\.[a-z_.]+)\.(\w+)\.(?:receiver|targets)/g))
      assert.ok(text.includes(`${kind} "${label}" {`), `${name}: ${kind}.${label}`);
  }
});

test("what is set in an environment is names with values that a shell reads as they are meant", () => {
  for (const [name, text] of texts("env"))
    for (const line of text.trimEnd().split("\n"))
      assert.match(line, /^[A-Za-z_]+ ?= ?("[^"]*"|'[^']*'|\S+)$/, `${name}: ${line}`);
});
