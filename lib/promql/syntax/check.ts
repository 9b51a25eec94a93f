import { parseError, type Span } from "#lib/promql/query/error.ts";
import {
  type Aggregate,
  type Binary,
  type Call,
  type Expression,
  isComparison,
  isSetOperator,
  partsOf,
  type Unary,
  type ValueType,
} from "#lib/promql/syntax/expression.ts";
import { AGGREGATIONS, FUNCTIONS, type Signature } from "#lib/promql/syntax/functions.ts";

/** The types in the words of Prometheus' documentation. */
const WORDS: Record<ValueType, string> = {
  scalar: "scalar",
  string: "string",
  vector: "instant vector",
  matrix: "range vector",
};

/** Functions of native histograms, which are not stored here. */
const OF_NATIVE_HISTOGRAMS = ["histogram_count", "histogram_sum", "histogram_fraction"];

/** What an expression gives. */
export function typeOf(expression: Expression): ValueType {
  switch (expression.kind) {
    case "number":
      return "scalar";
    case "string":
      return "string";
    case "range":
    case "subquery":
      return "matrix";
    case "selector":
    case "aggregate":
      return "vector";
    case "call":
      return FUNCTIONS.get(expression.name)?.gives ?? "vector";
    case "binary":
      return typeOf(expression.left) === "scalar" && typeOf(expression.right) === "scalar" ? "scalar" : "vector";
    default:
      return typeOf(expression.inner);
  }
}

/** Checks the types within an expression, as Prometheus does. @throws QueryError bad_data */
export class TypeChecker {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  #fail(span: Span, reason: string): never {
    throw parseError(this.#text, span, reason);
  }

  check(expression: Expression): void {
    for (const part of partsOf(expression)) this.check(part);
    if (expression.kind === "call") this.#call(expression);
    else if (expression.kind === "aggregate") this.#aggregate(expression);
    else if (expression.kind === "binary") this.#binary(expression);
    else if (expression.kind === "unary") this.#unary(expression);
    else if (expression.kind === "subquery" && typeOf(expression.inner) !== "vector")
      this.#fail(
        expression.span,
        `subquery is only allowed on instant vector, got ${typeOf(expression.inner)} instead`,
      );
  }

  #unary({ inner, span }: Unary): void {
    const type = typeOf(inner);
    const what = "unary expression only allowed on expressions of type scalar or instant vector";
    if (type !== "scalar" && type !== "vector") this.#fail(span, `${what}, got "${WORDS[type]}"`);
  }

  #expect(expression: Expression, wanted: ValueType, context: string): void {
    const type = typeOf(expression);
    if (type !== wanted)
      this.#fail(expression.span, `expected type ${WORDS[wanted]} in ${context}, got ${WORDS[type]}`);
  }

  #call({ name, args, span }: Call): void {
    const signature = FUNCTIONS.get(name);
    if (!signature) this.#fail(span, `unknown function with name "${name}"`);
    this.#count(name, args.length, signature, span);
    for (const [n, arg] of args.entries())
      this.#expect(arg, (signature.args[n] ?? signature.args.at(-1)) as ValueType, `call to function "${name}"`);
    if (OF_NATIVE_HISTOGRAMS.includes(name))
      this.#fail(
        span,
        `${name}() reads native histograms, which Sightline stores as classic ones: use _bucket (le), _count and _sum`,
      );
  }

  #count(name: string, count: number, { args, optional, variadic }: Signature, span: Span): void {
    const least = args.length - optional;
    const call = `argument(s) in call to "${name}", got ${count}`;
    if (optional === 0 && count !== least) this.#fail(span, `expected ${least} ${call}`);
    if (count < least) this.#fail(span, `expected at least ${least} ${call}`);
    if (!variadic && count > args.length) this.#fail(span, `expected at most ${args.length} ${call}`);
  }

  #aggregate({ operator, inner, parameter }: Aggregate): void {
    this.#expect(inner, "vector", "aggregation expression");
    const wanted = AGGREGATIONS.get(operator);
    if (wanted && parameter) this.#expect(parameter, wanted, "aggregation parameter");
  }

  #binary({ operator, left, right, bool, matching, span }: Binary): void {
    const [from, to] = [typeOf(left), typeOf(right)];
    const sign = this.#signOf(left, right);
    if (bool && !isComparison(operator)) this.#fail(sign, "bool modifier can only be used on comparison operators");
    if (isComparison(operator) && !bool && from === "scalar" && to === "scalar")
      this.#fail(sign, "comparisons between scalars must use BOOL modifier");
    const twice = matching.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
    if (twice) this.#fail(sign, `label "${twice}" must not occur in ON and GROUP clause at once`);
    for (const side of [left, right])
      if (!["scalar", "vector"].includes(typeOf(side)))
        this.#fail(side.span, "binary expression must contain only scalar and instant vector types");
    if (from !== "vector" || to !== "vector") {
      if (matching.labels.length > 0) this.#fail(span, "vector matching only allowed between instant vectors");
      if (isSetOperator(operator))
        this.#fail(span, `set operator "${operator}" not allowed in binary scalar expression`);
    } else if (isSetOperator(operator) && matching.card !== "many-to-many")
      this.#fail(span, `no grouping allowed for "${operator}" operation`);
  }

  /** Where the operator between two operands stands. */
  #signOf(left: Expression, right: Expression): Span {
    const between = this.#text.slice(left.span.to, right.span.from);
    return { from: left.span.to + (between.length - between.trimStart().length), to: right.span.from };
  }
}
