import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { QueryError } from "#lib/promql/query/error.ts";
import { type Expression, partsOf } from "#lib/promql/syntax/expression.ts";
import { parseExpression, parseSelector } from "#lib/promql/syntax/parse.ts";

/** An expression with all its parentheses, so that what binds tighter can be seen. */
function shape(expression: Expression): string {
  switch (expression.kind) {
    case "number":
      return String(expression.value);
    case "string":
      return JSON.stringify(expression.text);
    case "selector":
      return `${expression.name}${timing(expression)}`;
    case "range":
      return `${expression.selector.name}[${expression.rangeMs}]${timing(expression.selector)}`;
    case "subquery":
      return `${shape(expression.inner)}[${expression.rangeMs}:${expression.stepMs ?? ""}]${timing(expression)}`;
    case "unary":
      return `(${expression.negative ? "-" : "+"}${shape(expression.inner)})`;
    case "binary":
      return `(${shape(expression.left)} ${expression.operator} ${shape(expression.right)})`;
    case "parentheses":
      return shape(expression.inner);
    default:
      return `${expression.kind}(${partsOf(expression).map(shape).join(", ")})`;
  }
}

const timing = ({ offsetMs, at }: { offsetMs: number; at: unknown }) =>
  `${offsetMs === 0 ? "" : ` offset ${offsetMs}`}${at === undefined ? "" : ` @ ${at}`}`;

const SHAPES: [string, string][] = [
  ["1 + 2 * 3 ^ 4", "(1 + (2 * (3 ^ 4)))"],
  ["2 ^ 3 ^ 2", "(2 ^ (3 ^ 2))"],
  ["-2 ^ 2", "(-(2 ^ 2))"],
  ["2 ^ -3 ^ 2", "(2 ^ (-(3 ^ 2)))"],
  ["a - -1", "(a - -1)"],
  ["-a * b", "((-a) * b)"],
  ["a - b - c", "((a - b) - c)"],
  ["a or b and c unless d", "(a or ((b and c) unless d))"],
  ["a + b > c", "((a + b) > c)"],
  ["a atan2 b * c", "((a atan2 b) * c)"],
  ["a + b offset 5m", "(a + b offset 300000)"],
  ["a + b @ 5 * c", "(a + (b @ 5000 * c))"],
  ["-a offset -1m", "(-a offset -60000)"],
  ["a / sum_over_time(b[5m:30s] offset 1m)", "(a / call(b[300000:30000] offset 60000))"],
  ["SUM(a) BY (x) / on (x) a OFFSET 1d", "(aggregate(a) / a offset 86400000)"],
  ["foo # a comment\n + bar", "(foo + bar)"],
];

for (const [text, wanted] of SHAPES)
  test(`${JSON.stringify(text)} is read by Prometheus' precedences`, () => {
    assert.equal(shape(parseExpression(text)), wanted);
  });

test("numbers, durations and strings are read as Go reads them", () => {
  const numberAt = (text: string) => (parseExpression(text) as { value: number }).value;
  assert.deepEqual(["0x1F", "010", "09", "5.", ".5", "1e3", "-Inf", "iNf"].map(numberAt), [
    ...[31, 8, 9, 5, 0.5, 1000],
    ...[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  ]);
  assert.ok(Number.isNaN(numberAt("nan")));
  const rangeOf = (text: string) => (parseExpression(text) as { rangeMs: number }).rangeMs;
  assert.deepEqual(["a[1h30m]", "a[1d12h]", "a[100ms]", "a[1y2w]"].map(rangeOf), [
    ...[5_400_000, 129_600_000, 100, 365 * 86_400_000 + 14 * 86_400_000],
  ]);
  const textOf = (text: string) => (parseExpression(text) as { text: string }).text;
  assert.equal(textOf('"a\\n\\x41\\u00e9\\xc3\\xa9\\"\'"'), "a\nAéé\"'");
  assert.equal(textOf("`\\n`"), "\\n");
});

const ERRORS: [string, string][] = [
  ["", "1:1: parse error: no expression found in input"],
  ["a +", "1:4: parse error: unexpected end of input"],
  ["sum(rate(a[5m])", "1:16: parse error: unclosed left parenthesis"],
  ["a{b=c}", '1:5: parse error: unexpected "c"'],
  ["rate(a)", '1:6: parse error: expected type range vector in call to function "rate", got instant vector'],
  ["rat(a[5m])", '1:1: parse error: unknown function with name "rat"'],
  ["a\n + on(x) group_left(x) b", '2:2: parse error: label "x" must not occur in ON and GROUP clause at once'],
  ['a{b=~"("}', "1:3: parse error: error parsing regexp: missing closing ): `(`"],
  ["1 == 1", "1:3: parse error: comparisons between scalars must use BOOL modifier"],
  ['{a=""}', "1:1: parse error: vector selector must contain at least one non-empty matcher"],
  ["a[0s]", "1:3: parse error: duration must be greater than 0"],
  ["a offset 1m offset 1m", "1:1: parse error: offset may not be set multiple times"],
  ["(a + b)[5m]", "1:8: parse error: ranges only allowed for vector selectors"],
];

for (const [text, message] of ERRORS)
  test(`${JSON.stringify(text)} is refused with the place and the reason`, () => {
    assert.throws(
      () => parseExpression(text),
      (error: QueryError) => {
        assert.equal(error.message, message);
        assert.deepEqual([error.errorType, error.type, error.fields[0]?.field], ["bad_data", "validation", "query"]);
        return true;
      },
    );
  });

test("a function of native histograms is refused by its name", () => {
  assert.throws(() => parseExpression("histogram_count(a)"), /histogram_count\(\) reads native histograms/);
});

test("a selector is read alone, and nothing else as one", () => {
  assert.deepEqual(parseSelector('up{job!~"a|b"}').map(String), ['job!~"a|b"', '__name__="up"']);
  assert.throws(() => parseSelector("up + 1"), /expected a selector/);
  assert.throws(() => parseSelector("up offset 5m"), /expected a selector/);
});

test("nesting without end and a text without end are refused, not overflowed", () => {
  for (const text of [
    "(".repeat(20_000),
    `${"(".repeat(5_000)}a${")".repeat(5_000)}`,
    "-".repeat(9_000),
    `${"a+".repeat(9_000)}a`,
  ])
    assert.throws(() => parseExpression(text), { name: "DomainError" });
  assert.throws(() => parseExpression("a".repeat(30_001)), /more than 30000 characters/);
  parseExpression(`${"a + ".repeat(500)}a`);
});

const TOKENS = [
  ...'a b up {x="1"} {y=~"("} [5m] [5m:] [1h:1m] offset 1m @ 5 start() ( ) , + - * / % ^ == != > bool and or unless'.split(
    " ",
  ),
  ...[
    "on(x)",
    "ignoring(y)",
    "group_left(z)",
    "by (x)",
    "without",
    "sum",
    "topk",
    "rate",
    "abs",
    "1",
    "0x",
    "Inf",
    '"s"',
    "'",
    "#",
    "\n",
  ],
];

test("whatever the text, it is read or refused with a reason", () => {
  const text = fc.oneof(
    fc.array(fc.constantFrom(...TOKENS), { maxLength: 25 }).map((parts) => parts.join(" ")),
    fc.string({ unit: "binary", maxLength: 60 }),
  );
  fc.assert(
    fc.property(text, (query) => {
      try {
        parseExpression(query);
      } catch (error) {
        const { errorType, message } = error as QueryError;
        assert.equal(errorType, "bad_data", `${JSON.stringify(query)}: ${(error as Error).stack}`);
        assert.ok(message.length > 10);
      }
    }),
    { numRuns: 3_000 },
  );
});
