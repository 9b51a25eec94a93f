import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readExposition } from "#lib/scrape/format/exposition.ts";
import { ExpositionError } from "#lib/scrape/format/exposition-error.ts";
import type { ExposedSample } from "#lib/scrape/format/reader.ts";
import { readKey } from "#lib/scrape/format/series-key.ts";

const OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8";

function read(body: string, contentType = "text/plain; version=0.0.4") {
  const [samples, said]: [ExposedSample[], object[]] = [[], []];
  let exemplars = 0;
  const lines = readExposition(body, contentType, {
    sample: (sample) => samples.push(sample),
    metadata: (metadata) => said.push(metadata),
    exemplar: () => {
      exemplars += 1;
    },
  });
  while (!lines.next().done);
  return { samples, said, exemplars };
}

const brokenLine = (body: string, contentType?: string): number => {
  try {
    read(body, contentType);
  } catch (error) {
    assert.ok(error instanceof ExpositionError, String(error));
    return error.line;
  }
  return 0;
};

test("the text format: names, labels with escapes, values of all kinds, times, HELP and TYPE", () => {
  const { samples, said } = read(
    '# HELP a_total Line\\none \\\\ "two"\n# TYPE a_total counter\na_total{x="q\\"\\\\\\n", y = "é",} 1e3 1700000000000\n\n  b NaN\n# any words\n#none\nc:d\t+Inf\ne -Inf\nf .5\ng{}  -0',
  );
  assert.deepEqual(said, [
    { family: "a_total", help: 'Line\none \\ "two"' },
    { family: "a_total", type: "counter" },
  ]);
  assert.deepEqual(
    samples.map(({ value, at }) => [value, at]),
    [[1000, 1_700_000_000_000], ...[Number.NaN, Infinity, -Infinity, 0.5, -0].map((value) => [value, undefined])],
  );
  assert.deepEqual(readKey(samples[0]?.key ?? ""), {
    metric: "a_total",
    labels: [
      ["x", 'q"\\\n'],
      ["y", "é"],
    ],
  });
});

test("OpenMetrics: times in seconds, units, exemplars that are counted, and an end", () => {
  const body =
    '# TYPE a counter\n# UNIT b_seconds seconds\na_total{x="1"} 1 1700000000.5 # {trace="t"} 0.5 1700000000\na_created 2\n# EOF\n';
  const { samples, exemplars } = read(body, OPEN);
  assert.deepEqual(
    samples.map(({ key, value, at }) => [key, value, at]),
    [
      ['a_total{x="1"}', 1, 1_700_000_000_500],
      ["a_created", 2, undefined],
    ],
  );
  assert.equal(exemplars, 1);
});

test("a broken line is named by its number", () => {
  for (const bad of [
    "a",
    "a 1x",
    "a{b} 1",
    'a{b="1" 1',
    "<html>",
    "a 1 x",
    "a 0x10",
    "a 1e999",
    "a 1 2 3",
    "\u0000 1",
    "# TYPE a nothing",
    'a{x="1"y="2"} 1',
  ])
    assert.equal(brokenLine(`ok 1\n# HELP ok x\n${bad}\nok 2\n`), 3, bad);
  for (const bad of ["a", "", "# words", 'a{b="1",} 1', "a  1", "a 1 # exemplar", "# UNIT a seconds", "a 1 NaN"])
    assert.equal(brokenLine(`ok 1\n${bad}\n# EOF\n`, OPEN), 2, bad);
  assert.equal(brokenLine("a 1\n", OPEN), 2);
  assert.equal(brokenLine("a 1\n# EOF\nb 1\n", OPEN), 3);
});

const value = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity));
function text(number: number): string {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "+Inf" : "-Inf";
  return Object.is(number, -0) ? "-0" : String(number);
}
const quoted = (label: string) => `"${label.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"')}"`;

test("what is written in either format is read back, whatever labels hold", () => {
  const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/);
  const labels = fc.uniqueArray(fc.tuple(name, fc.string({ unit: "binary" })), {
    selector: ([own]) => own,
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(name, labels, value), { minLength: 1 }), fc.boolean(), (rows, isOpen) => {
      const lines = rows.map(([metric, own, number]) => {
        const parts = own.map(([label, content]) => `${label}=${quoted(content)}`);
        return `${metric}{${parts.join(",")}} ${text(number)}\n`;
      });
      const { samples } = read(lines.join("") + (isOpen ? "# EOF\n" : ""), isOpen ? OPEN : "");
      assert.deepEqual(
        samples.map((sample) => [readKey(sample.key), sample.value]),
        rows.map(([metric, own, number]) => [{ metric, labels: own }, number]),
      );
    }),
    { numRuns: 200 },
  );
});

test("any text is read or refused with a line, and nothing else happens; 100,000 lines are read", () => {
  const pieces = fc.constantFrom(
    "a",
    "{",
    "}",
    '"',
    "\\",
    "=",
    ",",
    " ",
    "\n",
    "\t",
    "1",
    "NaN",
    "#",
    "# EOF",
    "# TYPE a ",
    "# HELP a ",
    "\u0000",
    "é",
    ".",
  );
  const noise = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(pieces).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(noise, fc.boolean(), (body, isOpen) => {
      assert.ok(brokenLine(body, isOpen ? OPEN : "text/plain") >= 0);
    }),
    { numRuns: 1_000 },
  );
  const many = Array.from({ length: 100_000 }, (_, n) => `m{n="${n}"} ${n}`).join("\n");
  assert.equal(read(many).samples.length, 100_000);
});
