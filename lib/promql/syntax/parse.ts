import type { SyntaxNode, Tree } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { isStorable } from "#lib/contract/storable.ts";
import { parseError, QueryError, type Span } from "#lib/promql/query/error.ts";
import type { Matcher } from "#lib/promql/series/matcher.ts";
import { TypeChecker } from "#lib/promql/syntax/check.ts";
import type { Expression } from "#lib/promql/syntax/expression.ts";
import { TreeReader } from "#lib/promql/syntax/tree.ts";

/** The longest query: parsing takes at most some half a second, and a rule has hardly ever a tenth of it. */
const MAX_LENGTH = 30_000;

function firstError(tree: Tree): SyntaxNode | undefined {
  const cursor = tree.cursor();
  do if (cursor.type.isError) return cursor.node;
  while (cursor.next());
  return undefined;
}

/** The word or sign that stands at an offset, with where that is. */
function tokenAt(text: string, offset: number): Span & { token: string } {
  const from = offset + (/^(?:\s|#[^\n]*)*/.exec(text.slice(offset))?.[0].length ?? 0);
  const token = /^(?:[\w:.]+|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|[=!<>]=|[=!]~|[\s\S])?/u.exec(
    text.slice(from, from + 200),
  );
  return { token: token?.[0] ?? "", from, to: from + (token?.[0].length ?? 0) };
}

const CLOSED_BY: Record<string, string> = { "(": "parenthesis", "[": "bracket", "{": "brace" };

/** The last bracket that is opened and not closed, outside of strings and comments. */
function unclosed(text: string): string | undefined {
  const open: string[] = [];
  for (const [part] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|#[^\n]*|[()[\]{}]/g)) {
    if (part in CLOSED_BY) open.push(part);
    else if (/^[)\]}]$/.test(part)) open.pop();
  }
  return open.at(-1);
}

/** Why the grammar did not get on at a place. */
function explain(text: string, error: SyntaxNode): QueryError {
  const at = tokenAt(text, error.from);
  const before = /([a-zA-Z_][\w]*)\s*$/.exec(text.slice(0, at.from));
  if (at.token === "" && text.trim() === "") return parseError(text, at, "no expression found in input");
  if (at.token === "(" && before?.[1] && !/^(?:and|or|unless|bool|by|without)$/i.test(before[1]))
    return parseError(text, { from: before.index, to: at.from }, `unknown function with name "${before[1]}"`);
  if (at.token === ")" && /,\s*$/.test(text.slice(0, at.from)))
    return parseError(text, at, "trailing commas not allowed in function call args");
  if (at.token !== "") return parseError(text, at, `unexpected ${JSON.stringify(at.token)}`);
  const open = unclosed(text);
  return parseError(text, at, open ? `unclosed left ${CLOSED_BY[open]}` : "unexpected end of input");
}

function parseTree(text: string): SyntaxNode {
  if (text.length > MAX_LENGTH) throw new QueryError("bad_data", `query of more than ${MAX_LENGTH} characters`);
  if (!isStorable(text)) throw new QueryError("bad_data", "query is not valid UTF-8 text");
  const tree = parser.parse(text);
  const error = firstError(tree);
  if (error) throw explain(text, error);
  let node = tree.topNode.firstChild;
  while (node?.name === "LineComment") node = node.nextSibling;
  if (!node) throw parseError(text, { from: 0, to: 0 }, "no expression found in input");
  return node;
}

/** An expression of PromQL as Prometheus 2.42 has it, its types checked. @throws QueryError bad_data, with the line and column and the reason */
export function parseExpression(text: string): Expression {
  const expression = new TreeReader(text).read(parseTree(text));
  new TypeChecker(text).check(expression);
  return expression;
}

/** The conditions of a selector such as `up{job="node"}`. @throws QueryError bad_data */
export function parseSelector(text: string): Matcher[] {
  const expression = parseExpression(text);
  if (expression.kind !== "selector" || expression.offsetMs !== 0 || expression.at !== undefined)
    throw parseError(text, expression.span, 'expected a selector of series, such as up or {job="node"}');
  return expression.matchers;
}
