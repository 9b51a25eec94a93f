import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Comment, type Node, type Program, parseSync, type StaticExport, type StaticImport } from "oxc-parser";
import { ROOT } from "../paths.ts";

/** A parsed source file: its path from the root, its text and its syntax tree (ESTree). */
export type Source = {
  path: string;
  text: string;
  program: Program;
  comments: Comment[];
  imports: StaticImport[];
  exports: StaticExport[];
};

/** @throws Error for a text that is no TypeScript */
export function parseSource(path: string, text: string): Source {
  const { program, comments, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  return { path, text, program, comments, imports: module.staticImports, exports: module.staticExports };
}

/** All our sources of the named top-level folders, without what is generated. */
export function readSources(folders: string[]): Source[] {
  return globSync(`{${folders.join(",")}}/**/*.{ts,tsx}`, { cwd: ROOT })
    .filter((path) => !path.includes("/generated/"))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(ROOT, path), "utf8")));
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** Calls `visit` with every node of a tree, parents first. */
export function walk(node: Node, visit: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  visit(node, parent);
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit, node);
}

/** The line of a character, from 1. */
export const lineOf = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;
