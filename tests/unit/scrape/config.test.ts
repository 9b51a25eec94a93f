import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isDomainError } from "#lib/errors.ts";
import { readDuration } from "#lib/promql/syntax/literals.ts";
import { readConfig, requestSame } from "#lib/scrape/config/read-config.ts";
import { durationWords } from "#lib/scrape/config/scalars.ts";

const NODE = 'job_name: node\nstatic_configs:\n  - targets: ["127.0.0.1:9100"]\n';

/** What is wrong with a configuration, in words; undefined where nothing is. */
function problemOf(text: string): string | undefined {
  try {
    readConfig(text);
    return undefined;
  } catch (error) {
    assert.ok(isDomainError(error), String(error));
    assert.ok(error.fields.every(({ field }) => field === "scrape") && error.fields.length > 0);
    return error.message;
  }
}

test("an entry is read alone, as a list, below scrape_configs, and as JSON; what is left out has Prometheus' defaults", () => {
  const indented = NODE.replaceAll(/^/gm, "  ").replace("  ", "- ");
  const json = '{"job_name": "node", "static_configs": [{"targets": ["127.0.0.1:9100"]}]}';
  for (const text of [NODE, indented, `scrape_configs:\n${indented}`, json]) {
    const { settings } = readConfig(text);
    assert.deepEqual(settings.static_configs, [{ targets: ["127.0.0.1:9100"] }], text);
    const { scrape_interval, scrape_timeout, metrics_path, scheme, honor_labels, sample_limit } = settings;
    assert.deepEqual(
      [scrape_interval, scrape_timeout, metrics_path, scheme, honor_labels, sample_limit],
      [15_000, 10_000, "/metrics", "http", false, 0],
    );
  }
  assert.equal(readConfig(`scrape_interval: 5s\n${NODE}`).settings.scrape_timeout, 5_000);
  assert.equal(readConfig(`# ours\n${NODE}`).text, `# ours\n${NODE}`);
  assert.match(readConfig(json).text, /^job_name: node\n/);
});

test("what stands in global holds for the entry that does not say it itself, and is shown in it", () => {
  const entry = NODE.replaceAll(/^(?=.)/gm, "  ").replace("  ", "- ");
  const globally = (global: string, own = "") => readConfig(`global: {${global}}\nscrape_configs:\n${entry}${own}`);
  const limits = "scrape_interval: 30s, scrape_timeout: 20s, sample_limit: 7, body_size_limit: 1KB";
  const { settings, text } = globally(limits);
  const { scrape_interval, scrape_timeout, sample_limit, body_size_limit } = settings;
  assert.deepEqual([scrape_interval, scrape_timeout, sample_limit, body_size_limit], [30_000, 20_000, 7, 1_024]);
  assert.deepEqual(readConfig(text).settings, settings);
  const own = globally(limits, "  scrape_interval: 5s\n  sample_limit: 3\n").settings;
  assert.deepEqual([own.scrape_interval, own.scrape_timeout, own.sample_limit], [5_000, 5_000, 3]);
  assert.equal(readConfig(`global:\nscrape_configs:\n${entry}`).settings.scrape_interval, 15_000);
});

test("each wrong field is named with what to write, and what is not supported by its name", () => {
  const wrong: [string, RegExp][] = [
    ["", /Write an entry of scrape_configs/],
    [
      `global: {external_labels: {a: b}, evaluation_interval: 1m}\nscrape_configs: [{job_name: a}]`,
      /^global\.external_labels is not supported: leave it out; global\.evaluation_interval is not/,
    ],
    ["global: {scrape_interval: soon}\nscrape_configs: [{job_name: a}]", /scrape_interval: Write a duration/],
    ["global: [a]\nscrape_configs: [{job_name: a}]", /^global: Write fields/],
    ["rule_files: [x]\nscrape_configs: [{job_name: a}]", /^rule_files is not supported/],
    ["just words", /Write an entry of scrape_configs/],
    ["- a\n- b", /add an input for each entry/],
    ["a: [", /This is no YAML/],
    ["job_name: a\njob_name: b", /This is no YAML: line 2: job_name is there twice/],
    [`a: &x 1\nb: *x\n${NODE}`, /anchors and aliases are not supported/],
    [NODE.replace("job_name: node\n", ""), /^job_name: Name the job/],
    ["job_name: node", /^static_configs: Name targets/],
    [`tls_config: {ca_file: x}\n${NODE}`, /^tls_config is not supported/],
    [`kubernetes_sd_configs: []\nproxy_url: x\n${NODE}`, /kubernetes_sd_configs is not.*proxy_url is not/],
    [`basic_auth: {password_file: /x}\n${NODE}`, /^basic_auth.password_file is not supported/],
    [`scrape_interval: 500ms\n${NODE}`, /^scrape_interval: At least 1s and at most 1h/],
    [`scrape_interval: 15\n${NODE}`, /^scrape_interval: Write a duration/],
    [`scrape_timeout: 20s\n${NODE}`, /^scrape_timeout: At most the scrape_interval/],
    [`metrics_path: metrics\n${NODE}`, /^metrics_path: Begin with a slash/],
    [`scheme: ftp\n${NODE}`, /^scheme: Write http or https/],
    [`honor_labels: yes\n${NODE}`, /^honor_labels: Write true or false/],
    [`sample_limit: -1\n${NODE}`, /^sample_limit: Write a whole number/],
    [`body_size_limit: big\n${NODE}`, /^body_size_limit: Write a size/],
    [`authorization: {credentials: x}\nbasic_auth: {username: a}\n${NODE}`, /^authorization: Write one of/],
    [`relabel_configs: [{action: keep, regex: "("}]\n${NODE}`, /^relabel_configs\[0\]\.regex: Write an RE2 expression/],
    ["job_name: a\nstatic_configs: [{targets: x}]", /^static_configs\[0\]\.targets: Write a list of host:port/],
    [
      "job_name: a\nstatic_configs: [{targets: [x], labels: {a-b: c}}]",
      /^static_configs\[0\]\.labels\.a-b: Write names of labels: letters, digits/,
    ],
    ["job_name: a\nfile_sd_configs: [{files: [../x.json]}]", /^file_sd_configs\[0\]\.files\[0\]: Write a path below/],
    ['job_name: a\nfile_sd_configs: [{files: ["{..,a}/x.json"]}]', /^file_sd_configs\[0\]\.files\[0\]: Write a path/],
    ["job_name: a\nfile_sd_configs: [{files: [/etc/x.json]}]", /^file_sd_configs\[0\]\.files\[0\]: Write a path/],
    ["job_name: a\ndns_sd_configs: [{names: [x], type: MX}]", /^dns_sd_configs\[0\]\.type: Write A, AAAA or SRV/],
    ["job_name: a\ndns_sd_configs: [{names: [x], type: A}]", /^dns_sd_configs\[0\]\.port: A and AAAA need a port/],
    [`job_name: a\nstatic_configs: [{targets: [${"x,".repeat(1_001)}]}]`, /at most 1000 targets/],
    [`job_name: a\nstatic_configs: [${`{targets: [${"x,".repeat(600)}]},`.repeat(2)}]`, /at most 1000 targets/],
    ['job_name: "a\\0"', /U\+0000/],
    [`authorization: {credentials: "a\\nb"}\n${NODE}`, /^authorization\.credentials: It has a character/],
    [`authorization: {type: "ключ"}\n${NODE}`, /^authorization\.type: It has a character/],
    ["job_name: a\u0000", /U\+0000/],
    [`job_name: <secret>\nbasic_auth: {password: <secret>}\n${NODE.slice(15)}`, /^basic_auth.password: Enter it again/],
    ["[".repeat(49_000), /This is no YAML: line 1: it is nested too deeply/],
    ["- ".repeat(25_000), /nested too deeply/],
    [`${NODE}---\n${NODE}`, /line 4: a second document begins after ---: write one document/],
    [Array.from({ length: 7_000 }, (_, n) => `k${n}:`).join("\n"), /is not supported/],
  ];
  for (const [text, reason] of wrong) assert.match(problemOf(text) ?? "nothing", reason, text.slice(0, 100));
});

test("secrets are taken out of the text, and put back where they are hidden", () => {
  const text = `basic_auth:\n  username: me\n  password: "very: secret"\n${NODE}`;
  const first = readConfig(text);
  assert.deepEqual(first.secrets, { "basic_auth.password": "very: secret" });
  assert.ok(first.text.includes("<secret>") && !first.text.includes("very"));
  assert.equal(readConfig(first.text, first.secrets).settings.basic_auth?.password, "very: secret");
  assert.equal(readConfig(first.text.replace("<secret>", "new"), first.secrets).secrets["basic_auth.password"], "new");
  const same = (other: string, own = text) => requestSame(readConfig(own), readConfig(other));
  for (const more of ["sample_limit: 5", "honor_labels: true", "scrape_interval: 5s", "metric_relabel_configs: []"])
    assert.ok(same(`${text}${more}\n`), more);
  assert.ok(same(text.replace("job_name: node", "job_name: other")));
  for (const other of ["127.0.0.1:9101", "example.com"]) assert.ok(!same(text.replace("127.0.0.1:9100", other)));
  assert.ok(!same(text.replace("very: secret", "guessed")) && !same(text.replace("username: me", "username: you")));
  for (const more of ["metrics_path: /x", "params: {a: [b]}", "scheme: https", "follow_redirects: false"])
    assert.ok(!same(`${text}${more}\n`), more);
  const byJob = `${text}relabel_configs: [{source_labels: [job], target_label: __address__}]\n`;
  assert.ok(!same(byJob.replace("job_name: node", "job_name: other"), byJob));
});

test("durations are read as Prometheus writes them", () => {
  assert.deepEqual(["1m30s", "0", "1h", "2d", "1y2w3d4h5m6s7ms", "", "1.5s", "s", "10s1m"].map(readDuration), [
    90_000,
    0,
    3_600_000,
    172_800_000,
    33_019_506_007,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  fc.assert(
    fc.property(fc.nat({ max: 100_000_000_000 }), (ms) => assert.equal(readDuration(durationWords(ms)), ms)),
    { numRuns: 200 },
  );
});

test("any text is a configuration or refused in words, within its time", () => {
  const piece = fc.constantFrom(
    ...["job_name", "static_configs", "targets", "labels", ":", " ", "\n", "\n  ", "- ", "[", "]", "{", "}", "a", "1s"],
    ...[
      "&a ",
      "*a",
      "!!x ",
      "|",
      ">",
      "'",
      '"',
      "\\",
      "<<",
      "?",
      "---\n",
      "...",
      "#",
      "%",
      "@",
      "`",
      "\t",
      "\u0000",
      "é",
    ],
  );
  const lines = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(
      fc.oneof(
        lines,
        lines.map((text) => NODE + text),
        fc.string({ unit: "binary" }),
      ),
      (text) => {
        problemOf(text);
      },
    ),
    { numRuns: 500 },
  );
});
