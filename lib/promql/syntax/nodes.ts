import type { SyntaxNode } from "@lezer/common";

/** A child that the grammar says is there. */
export function childOf(node: SyntaxNode, name: string): SyntaxNode {
  const child = node.getChild(name);
  if (!child) throw new Error(`The grammar of PromQL gives no ${name} within ${node.name}`);
  return child;
}

/** The next sibling that is no comment. */
export function childAfter(node: SyntaxNode): SyntaxNode {
  let next = node.nextSibling;
  while (next?.name === "LineComment") next = next.nextSibling;
  return next as SyntaxNode;
}

const isExpression = ({ name }: SyntaxNode): boolean => /(?:Expr|Literal|Selector|FunctionCall)$/.test(name);

/** The expressions directly below a node, in order. */
export function expressionsOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) if (isExpression(child)) found.push(child);
  return found;
}
