import type { Node } from "oxc-parser";
import { lineOf, type Source, walk } from "./source.ts";

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 60;
/** Of all files, at least this share has at most so many lines. */
const SHARES: [number, number][] = [
  [0.5, 70],
  [0.9, 180],
];

const isFunction = (node: Node): boolean =>
  ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"].includes(node.type);

const lines = (text: string): number => text.trimEnd().split("\n").length;

function longFunctions({ path, text, program }: Source): string[] {
  const found: string[] = [];
  walk(program, (node) => {
    if (!isFunction(node)) return;
    const length = lines(text.slice(node.start, node.end));
    if (length > MAX_FUNCTION_LINES)
      found.push(`${path}:${lineOf(text, node.start)} a function of ${length} lines: at most ${MAX_FUNCTION_LINES}`);
  });
  return found;
}

/** The statement's declared functions and classes, each by its name. */
function declaredFunctions(declaration: Node): string[] {
  if (declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration")
    return [declaration.id?.name ?? "default"];
  if (declaration.type !== "VariableDeclaration") return [];
  return declaration.declarations.flatMap(({ id, init }) =>
    init && isFunction(init) && id.type === "Identifier" ? [id.name] : [],
  );
}

/** Exported functions and classes of lib without a docstring directly above. */
function undocumented({ path, text, program, comments }: Source): string[] {
  const docs = comments.filter(({ type, value }) => type === "Block" && value.startsWith("*"));
  const documented = (start: number) => docs.some(({ end }) => end <= start && text.slice(end, start).trim() === "");
  return program.body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration" || !statement.declaration) return [];
    if (documented(statement.start)) return [];
    return declaredFunctions(statement.declaration).map(
      (name) => `${path}:${lineOf(text, statement.start)} ${name} has no docstring`,
    );
  });
}

function longFiles(sources: Source[]): string[] {
  const lengths = sources.map(({ text }) => lines(text));
  const long = sources.flatMap(({ path }, i) =>
    (lengths[i] as number) > MAX_FILE_LINES ? [`${path} has ${lengths[i]} lines: at most ${MAX_FILE_LINES}`] : [],
  );
  const shares = SHARES.flatMap(([share, most]) => {
    const is = lengths.filter((length) => length <= most).length / lengths.length;
    return is < share
      ? [`${(is * 100).toFixed(1)} % of files have at most ${most} lines: ${share * 100} % should`]
      : [];
  });
  return [...long, ...shares];
}

/** What is too long, or says too little, one line each. */
export function checkSizes(sources: Source[]): string[] {
  return [
    ...longFiles(sources),
    ...sources.flatMap(longFunctions),
    ...sources.filter(({ path }) => path.startsWith("lib/")).flatMap(undocumented),
  ];
}
