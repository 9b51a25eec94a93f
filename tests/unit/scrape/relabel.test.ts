import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { relabelRule } from "#lib/scrape/config/relabel-schema.ts";
import { relabel } from "#lib/scrape/relabel/relabel.ts";

/** The labels that rules make of labels, as in prometheus.yml; undefined where they drop them. */
function changed(labels: Record<string, string>, ...rules: object[]): Record<string, string> | undefined {
  const after = relabel(
    new Map(Object.entries(labels)),
    rules.map((rule) => relabelRule.parse(rule)),
  );
  return after && Object.fromEntries(after);
}

const from = (...labels: string[]) => ({ source_labels: labels });

test("keep and drop match the whole of the joined labels", () => {
  const labels = { env: "prod", tier: "web" };
  assert.deepEqual(changed(labels, { ...from("env"), regex: "prod|test", action: "keep" }), labels);
  assert.equal(changed(labels, { ...from("env"), regex: "pro", action: "keep" }), undefined);
  assert.deepEqual(changed(labels, { ...from("env"), regex: "pro", action: "drop" }), labels);
  assert.equal(changed(labels, { ...from("env", "tier"), regex: "prod;w.*", action: "drop" }), undefined);
  assert.equal(changed(labels, { ...from("env", "tier"), separator: "", regex: "prodweb", action: "DROP" }), undefined);
  assert.equal(changed(labels, { ...from("missing"), regex: ".+", action: "keep" }), undefined);
  assert.deepEqual(changed(labels, { ...from("missing"), regex: "", action: "keep" }), labels);
});

test("replace sets a label by groups, leaves all as it is without a match, and removes a label that comes out empty", () => {
  const labels = { address: "web-1:9100", old: "x" };
  const rule = { ...from("address"), regex: "([^:]+):(\\d+)", target_label: "name" };
  // Of Prometheus, and no template of ours.
  const numbered = (number: number) => `$\{${number}}`;
  const replaced = (replacement: string) => changed(labels, { ...rule, replacement })?.name;
  assert.deepEqual(["$1", `${numbered(1)}0`, "$2-$1", "$10", "$3", "$$1", "plain"].map(replaced), [
    "web-1",
    "web-10",
    "9100-web-1",
    undefined,
    undefined,
    "$1",
    "plain",
  ]);
  assert.deepEqual(changed(labels, { ...rule, regex: "web" }), labels);
  assert.deepEqual(changed(labels, { ...from("missing"), target_label: "old" }), { address: "web-1:9100" });
  assert.deepEqual(changed({ a: "team" }, { ...from("a"), regex: "(.+)", target_label: "of_$1", replacement: "yes" }), {
    a: "team",
    of_team: "yes",
  });
});

test("labelmap, labeldrop and labelkeep look at names; lowercase, uppercase and hashmod at values", () => {
  const labels = { meta_zone: "a", meta_rack: "7", job: "Node" };
  assert.deepEqual(changed(labels, { regex: "meta_(.+)", action: "labelmap" }), { ...labels, zone: "a", rack: "7" });
  assert.deepEqual(changed(labels, { regex: "meta_.*", action: "labeldrop" }), { job: "Node" });
  assert.deepEqual(changed(labels, { regex: "meta_.*", action: "labelkeep" }), { meta_zone: "a", meta_rack: "7" });
  assert.deepEqual(changed(labels, { regex: "eta_.*", action: "labeldrop" }), labels);
  const [low, up] = ["lowercase", "uppercase"].map((action) =>
    changed(labels, { ...from("job"), target_label: "j", action }),
  );
  assert.deepEqual([low?.j, up?.j], ["node", "NODE"]);
  // The last eight bytes of the MD5 of "Node".
  const bucket = changed(labels, { ...from("job"), target_label: "b", modulus: "1000", action: "hashmod" })?.b;
  assert.equal(bucket, "15");
  const same = (action: string, own: string) =>
    changed({ a: own, b: "1" }, { ...from("a"), target_label: "b", action });
  assert.ok(same("keepequal", "1") && !same("keepequal", "2") && same("dropequal", "2") && !same("dropequal", "1"));
});

test("rules follow one another, and none after one that drops", () => {
  const first = { ...from("a"), target_label: "b" };
  assert.deepEqual(changed({ a: "1" }, first, { ...from("b"), target_label: "c" }), { a: "1", b: "1", c: "1" });
  assert.equal(changed({ a: "1" }, { ...from("a"), regex: "1", action: "drop" }, first), undefined);
});

test("whatever labels hold: what is given stays as it was, no label is empty, and rules that look for names keep or drop each", () => {
  const name = fc.stringMatching(/^[a-z_]{1,3}$/);
  const labels = fc.dictionary(name, fc.string({ unit: "binary", minLength: 1 }));
  const pattern = fc.constantFrom("a.*", "(.*)", "[^a]+", "", "(a)|(b)");
  const action = fc.constantFrom("replace", "labelmap", "lowercase", "hashmod");
  fc.assert(
    fc.property(labels, pattern, action, name, (own, regex, act, target) => {
      const given = new Map(Object.entries(own));
      const rule =
        act === "labelmap"
          ? { regex, action: act, replacement: "x_$1" }
          : { ...from(target), regex, action: act, target_label: "t", ...(act === "hashmod" ? { modulus: "7" } : {}) };
      const after = relabel(given, [relabelRule.parse(rule)]);
      assert.deepEqual(given, new Map(Object.entries(own)));
      assert.ok(after && [...after].every(([label, value]) => label !== "" && value !== ""));
      const [kept, rest] = ["labelkeep", "labeldrop"].map((half) =>
        relabel(given, [relabelRule.parse({ regex, action: half })]),
      );
      assert.equal((kept?.size ?? 0) + (rest?.size ?? 0), given.size);
    }),
    { numRuns: 300 },
  );
});

test("a rule that makes no sense is refused at its field, and a long name in no time", () => {
  const wrong: [object, string][] = [
    [{ action: "explode" }, "action"],
    [{ ...from("a"), regex: "(", target_label: "b" }, "regex"],
    [{ ...from("a"), regex: "(?=a)", target_label: "b" }, "regex"],
    [{ ...from("a") }, "target_label"],
    [{ ...from("a"), target_label: "1a" }, "target_label"],
    [{ ...from("a b"), target_label: "b" }, "source_labels.0"],
    [{ ...from("a"), target_label: "b", action: "hashmod" }, "modulus"],
    [{ ...from("a"), target_label: "$1", action: "uppercase" }, "target_label"],
    [{ regex: "a", target_label: "b", action: "labeldrop" }, "target_label"],
    [{ ...from("a"), regex: "a", action: "labelkeep" }, "source_labels"],
    [{ regex: "a", replacement: "-", action: "labelmap" }, "replacement"],
    [{ regex: "a", replacement: `${"a$b".repeat(300)}-`, action: "labelmap" }, "replacement"],
    [{ ...from("a"), target_label: `${"a".repeat(199)}!` }, "target_label"],
    [{ ...from("a"), target_label: "b", modulus: "1e3", action: "hashmod" }, "modulus"],
    ...[
      "[ab]{999}[ab]{999}[ab]{999}",
      "(?:(?:a{10}){10}){30}",
      `(?:${"ab".repeat(1_900)}){999}`,
      "a{999}".repeat(600),
    ].map((regex): [object, string] => [{ ...from("a"), target_label: "b", regex }, "regex"]),
    [{ ...from("a"), target_label: "b", regex: "a".repeat(4_001) }, "regex"],
  ];
  for (const [rule, field] of wrong) {
    const result = relabelRule.safeParse(rule);
    assert.equal(result.error?.issues[0]?.path.join("."), field, JSON.stringify(rule).slice(0, 200));
  }
});

test("expressions as they are written for real are taken, and one that is too large is refused with what to write", () => {
  const names = Array.from({ length: 100 }, (_, n) => `kube_${n}_pod_status`).join("|");
  for (const regex of [
    names,
    "(.+)-[a-f0-9]{8,10}-[a-z0-9]{5}",
    "[[:alpha:]]{1,63}(\\.[[:alpha:]]{1,63}){0,4}",
    "\\d{1,3}(\\.\\d{1,3}){3}:\\d+",
  ])
    assert.ok(relabelRule.safeParse({ ...from("a"), target_label: "b", regex }).success, regex.slice(0, 100));
  const refused = relabelRule.safeParse({ ...from("a"), target_label: "b", regex: "(?:[ab]{90}){90}" });
  assert.match(refused.error?.issues[0]?.message ?? "", /too large: at most 2000 steps.*Write \+ or \*/);
});
