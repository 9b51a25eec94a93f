import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Template } from "#lib/alerts/templates/template.ts";

const labels = new Map([
  ["__name__", "up"],
  ["instance", "db-01:9100"],
  ["x", "1"],
]);
const expand = (text: string, value = 12.5) => new Template(text).expand({ labels, value });

/** What Prometheus 2.42 (promtool test rules) makes of the same values. */
const FIGURES: [number, string][] = [
  [1e6, "1e+06 1000000 1000000.00|1e+06|1.000000e+06 1M 976.6ki 11d 13h 46m 40s 1e+08%"],
  [
    123456789,
    "1.23456789e+08 123456789 123456789.00|1.23456789e+08|1.234568e+08 123.5M 117.7Mi 1428d 21h 33m 9s 1.235e+10%",
  ],
  [0.5, "0.5 0 0.50|0.5|5.000000e-01 500m 0.5 500ms 50%"],
  [2.5, "2.5 2 2.50|2.5|2.500000e+00 2.5 2.5 2.5s 250%"],
  [
    1e20,
    "1e+20 100000000000000000000 100000000000000000000.00|1e+20|1.000000e+20 100E 86.74Ei -106751991167300d -15h -30m -8s 1e+22%",
  ],
  [0.00001234, "1.234e-05 0 0.00|1.234e-05|1.234000e-05 12.34u 1.234e-05 12.34us 0.001234%"],
  [Number.NaN, "NaN NaN NaN|NaN|NaN NaN NaN NaN NaN%"],
  [Number.POSITIVE_INFINITY, "+Inf +Inf +Inf|+Inf|+Inf +Inf +Inf +Inf +Inf%"],
  [12345.678, "12345.678 12346 12345.68|12345.678|1.234568e+04 12.35k 12.06ki 3h 25m 45s 1.235e+06%"],
  [3.5, "3.5 4 3.50|3.5|3.500000e+00 3.5 3.5 3.5s 350%"],
];

test("figures are written as Prometheus writes them", () => {
  const text =
    '{{ $value }} {{ printf "%.0f" $value }} {{ printf "%.2f|%g|%e" $value $value $value }} {{ humanize $value }} {{ $value | humanize1024 }} {{ humanizeDuration $value }} {{ humanizePercentage $value }}';
  for (const [value, wanted] of FIGURES) assert.equal(expand(text, value), wanted);
});

test("labels, conditions, comments and trimmed spaces are those of Go's templates", () => {
  assert.equal(
    expand("{{ $labels }} {{ .Labels.instance }} {{$labels.gone}}|"),
    "map[__name__:up instance:db-01:9100 x:1] db-01:9100 |",
  );
  assert.equal(expand('{{ if gt $value 10.0 }}high{{ else if eq $labels.x "1" }}one{{ else }}low{{ end }}'), "high");
  assert.equal(expand('{{ if and (lt $value 10.0) true }}a{{ else if eq $labels.x "2" "1" }}one{{ end }}'), "one");
  assert.equal(expand("a  {{- /* nothing */ -}}  b {{ `raw}}` }}"), "ab raw}}");
  assert.equal(
    expand('{{ printf "%5s|%-5s|%q|%d|%s" $labels.x $labels.x $labels.x $value 3 }}'),
    '    1|1    |"1"|%!d(float64=12.5)|%!s(int=3)',
  );
  assert.equal(
    expand('{{ $labels.instance | stripPort | toUpper | title }} {{ reReplaceAll "(.*):.*" "$1" $labels.instance }}'),
    "DB-01 db-01",
  );
  assert.equal(
    expand('{{ index $labels "x" | len }} {{ 1700000000.5 | humanizeTimestamp }}'),
    "1 2023-11-14 22:13:20.5 +0000 UTC",
  );
});

test("what is not supported is refused by its name, and code is text", () => {
  const refused = (text: string, words: RegExp) => assert.throws(() => new Template(text), words);
  refused('{{ query "up" }}', /function query is not supported/);
  refused("{{ range $labels }}{{ end }}", /range is not supported/);
  refused("{{ $x := 1 }}", /\$x is not supported/);
  refused("{{ $externalURL }}", /\$externalURL is not supported/);
  refused("{{ constructor }}", /function constructor is not supported/);
  refused("{{ $labels.a.b }}", /not supported/);
  refused("{{ if $value }}", /without \{\{ end/);
  refused("{{ end }}", /without \{\{ if/);
  refused("{{ $value", /never closed/);
  refused("{{ humanize }}", /wrong number of arguments/);
  refused("{{ process.exit(1) }}", /\.exit is not supported/);
  refused(`{{ ${"(".repeat(50)}1${")".repeat(50)} }}`, /too deeply/);
  assert.equal(expand("{{ $labels.__proto__ }}{{ $labels.constructor }}"), "");
  assert.match(expand('{{ humanize "text" }}'), /^<error expanding template: "text" is no number>$/);
});

test("output is bounded, whatever a template asks for", () => {
  assert.ok(expand(`{{ printf "%9999999s" "a" }}`).length <= 200);
  assert.ok(expand("{{ $labels }}".repeat(300)).length <= 2_000);
  const grown = '| reReplaceAll "." "................................" '.repeat(20);
  assert.match(expand(`{{ $labels.instance ${grown} }}`), /longer than 10000 characters/);
  assert.equal(expand('{{ reReplaceAll ".*" "x" "abc" }}{{ reReplaceAll "b*" "-" "abc" }}'), "x-a-c-");
});

test("no text makes a template fail in another way than by its reason", () => {
  const part = fc.constantFrom(
    "{{",
    "}}",
    "{{-",
    "-}}",
    "$labels",
    ".x",
    "$value",
    "|",
    "(",
    ")",
    "if",
    "end",
    "else",
    '"a"',
    "%s",
    "printf",
    "humanize",
    " ",
    "1e9",
    "'",
    "\\",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), fc.double(), (parts, value) => {
      let template: Template;
      try {
        template = new Template(parts.join(""));
      } catch (error) {
        assert.equal((error as Error).name, "DomainError");
        return;
      }
      assert.equal(typeof template.expand({ labels, value }), "string");
    }),
    { numRuns: 3_000 },
  );
});
