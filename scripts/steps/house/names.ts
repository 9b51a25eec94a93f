import type { Node } from "oxc-parser";
import { lineOf, type Source, walk } from "./source.ts";

/** Words that say nothing of what they name. */
const NO_NAMES = new Set(["asked", "deed", "known", "of", "one", "place", "so", "standing", "taken", "told"]);

type Named = { name: string; start: number };

/** The names that a pattern binds. */
function boundNames(pattern: Node): Named[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        boundNames(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element ? boundNames(element) : []));
    case "AssignmentPattern":
      return boundNames(pattern.left);
    case "RestElement":
      return boundNames(pattern.argument);
    default:
      return [];
  }
}

/** The names that a variable, a function, its parameters or a type declare. */
function declaredNames(node: Node): Named[] {
  switch (node.type) {
    case "VariableDeclarator":
      return boundNames(node.id);
    case "TSTypeAliasDeclaration":
      return boundNames(node.id);
    case "FunctionDeclaration":
      return [...(node.id ? boundNames(node.id) : []), ...node.params.flatMap(boundNames)];
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return node.params.flatMap(boundNames);
    default:
      return [];
  }
}

/** Declarations whose name names nothing, one line each. Fields are left alone: some are stored, or another's. */
export function checkNames(sources: Source[]): string[] {
  return sources.flatMap(({ path, text, program }) => {
    const found: string[] = [];
    walk(program, (node) => {
      for (const { name, start } of declaredNames(node))
        if (NO_NAMES.has(name)) found.push(`${path}:${lineOf(text, start)} "${name}" is no name: say what it is`);
    });
    return found;
  });
}
