import { globSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { parseSync } from "oxc-parser";
import { ROOT } from "./paths.ts";

// Imports point one way. dependency-cruiser would check this too, but it cannot read TypeScript by version 7's compiler.

type Rule = { why: string; from: RegExp; to: RegExp; typesToo?: boolean };

const RULES: Rule[] = [
  {
    why: "lib knows nothing of what is above it",
    from: /^lib\//,
    to: /^(app|components|workers|scripts|tests)\//,
    typesToo: true,
  },
  { why: "lib runs without next and react", from: /^lib\//, to: /^(next|react|react-dom)(\/|$)/, typesToo: true },
  { why: "components serve pages", from: /^components\//, to: /^(app|workers|scripts)\//, typesToo: true },
  { why: "pages and workers meet in lib", from: /^app\//, to: /^(workers|scripts)\//, typesToo: true },
  {
    why: "workers and pages meet in lib; only mails are drawn by components",
    from: /^workers\//,
    to: /^(app|scripts)\/|^components\/(?!mail\/)/,
    typesToo: true,
  },
  {
    why: "what a browser loads must not bring the database or the file system along",
    from: /^components\/(?!mail\/)/,
    to: /^(lib\/(db|notify|store\/(?!rollup)|collect|log\.ts|access\/(password|setup|sign-in|sessions|throttle|token|users))|pg|pino|@prisma)|^node:/,
  },
  {
    why: "config, metrics and format are the ground",
    from: /^lib\/(config|metrics|format)\//,
    to: /^lib\/(access|collect|db|query|store|stream)\//,
  },
  { why: "db is the ground", from: /^lib\/db\//, to: /^lib\/(access|collect|query|store|stream)\// },
  { why: "the store is written without reading for pages", from: /^lib\/store\//, to: /^lib\/(access|query|stream)\// },
  {
    why: "the collecting process loads no database client",
    from: /^lib\/collect\/(?!sensors\/postgres)/,
    to: /^lib\/(db|store|query|access|stream)\/|^(pg|@prisma)(\/|$)/,
  },
  { why: "SQL lives in lib/store, lib/query and migrations", from: /^(app|components|workers)\//, to: /^pg(\/|$)/ },
];

type Import = { to: string; typeOnly: boolean };

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith("#")) return specifier.slice(1);
  if (specifier.startsWith(".")) return normalize(join(from, "..", specifier));
  return specifier;
}

function importsOf(file: string): Import[] {
  const { module, errors } = parseSync(file, readFileSync(join(ROOT, file), "utf8"));
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const statics = module.staticImports.map(({ moduleRequest, entries }) => ({
    to: resolve(file, moduleRequest.value),
    typeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
  }));
  const exports = module.staticExports
    .flatMap(({ entries }) => entries)
    .filter((entry) => entry.moduleRequest)
    .map((entry) => ({ to: resolve(file, entry.moduleRequest?.value ?? ""), typeOnly: entry.isType }));
  return [...statics, ...exports];
}

/** Circles of imports that run, each named once by its files. */
function circles(graph: Map<string, Import[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: string[]): void => {
    if (path.includes(file)) found.push(`circle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
    if (path.includes(file) || done.has(file)) return;
    for (const { to, typeOnly } of graph.get(file) ?? []) if (!typeOnly) walk(to, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return found;
}

/** What breaks the rules of the house, one line each. */
export function checkImports(): string[] {
  const files = globSync("{app,components,lib,workers,scripts}/**/*.{ts,tsx}", { cwd: ROOT }).filter(
    (file) => !file.includes("generated"),
  );
  const graph = new Map(files.map((file) => [file, importsOf(file)]));
  const broken = [...graph].flatMap(([file, imports]) =>
    imports.flatMap(({ to, typeOnly }) =>
      RULES.filter((rule) => rule.from.test(file) && rule.to.test(to) && (rule.typesToo || !typeOnly)).map(
        (rule) => `${file} imports ${to}: ${rule.why}`,
      ),
    ),
  );
  return [...broken, ...circles(graph)];
}
