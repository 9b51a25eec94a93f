import { dirname, join, normalize } from "node:path";
import { DOORS, ROOMS, RULES, roomOf } from "./layers.ts";
import type { Source } from "./source.ts";

// Imports point one way. dependency-cruiser would check this too, but it cannot read TypeScript by version 7's compiler.

type Import = { to: string; typeOnly: boolean };
type Graph = Map<string, Import[]>;

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith("#")) return specifier.slice(1).replace(/^endpoints\//, "lib/contract/");
  if (specifier.startsWith(".")) return normalize(join(from, "..", specifier));
  return specifier;
}

function importsOf({ path, imports, exports }: Source): Import[] {
  const imported = imports.map(({ moduleRequest, entries }) => ({
    to: resolve(path, moduleRequest.value),
    typeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
  }));
  const reexported = exports
    .flatMap(({ entries }) => entries)
    .flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [{ to: resolve(path, moduleRequest.value), typeOnly: isType }] : [],
    );
  return [...imported, ...reexported];
}

/** Who imports whom, by file. */
const importGraph = (sources: Source[]): Graph => new Map(sources.map((source) => [source.path, importsOf(source)]));

/** An import of lib that points up the list of rooms, or goes past a room's doors. */
function layerProblem(from: string, to: string): string | undefined {
  const [own, other] = [roomOf(from), roomOf(to)];
  if (other === undefined || own === other) return undefined;
  const door = DOORS[other];
  if (door && !door.test(to)) return `${other} is entered by its doors only (${door.source})`;
  if (own === undefined) return undefined;
  const missing = [own, other].find((room) => !ROOMS.includes(room));
  if (missing) return `${missing} is in no layer: name it in scripts/steps/house/layers.ts`;
  return ROOMS.indexOf(other) < ROOMS.indexOf(own) ? undefined : `${other} is no layer below ${own}`;
}

const problemsOf = (from: string, { to, typeOnly }: Import): string[] => [
  ...RULES.filter((rule) => rule.from.test(from) && rule.to.test(to) && (rule.typesToo || !typeOnly)).map(
    ({ why }) => why,
  ),
  ...[layerProblem(from, to)].filter((problem) => problem !== undefined),
];

/** Circles in a graph of names, each once. */
function circles(graph: Map<string, Iterable<string>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const follow = (name: string, path: string[]): void => {
    if (path.includes(name)) found.push(`circle: ${[...path.slice(path.indexOf(name)), name].join(" -> ")}`);
    if (path.includes(name) || done.has(name)) return;
    for (const next of graph.get(name) ?? []) follow(next, [...path, name]);
    done.add(name);
  };
  for (const name of graph.keys()) follow(name, []);
  return found;
}

/** Files that import each other where it runs. */
const fileCircles = (graph: Graph): string[] =>
  circles(new Map([...graph].map(([file, list]) => [file, list.filter((i) => !i.typeOnly).map((i) => i.to)])));

/** Folders of lib that import each other, types included. A folder's doors, which lie beside it, belong to the folder above. */
function folderCircles(graph: Graph): string[] {
  const folders = new Map<string, Set<string>>();
  for (const [file, list] of graph) {
    if (!file.startsWith("lib/")) continue;
    const folder = dirname(file);
    const others = folders.get(folder) ?? new Set<string>();
    folders.set(folder, others);
    for (const { to } of list) if (to.startsWith("lib/") && dirname(to) !== folder) others.add(dirname(to));
  }
  return circles(folders);
}

/** What breaks the rules of who imports whom, one line each. */
export function checkImports(sources: Source[]): string[] {
  const graph = importGraph(sources);
  const broken = [...graph].flatMap(([file, list]) =>
    list.flatMap((found) => problemsOf(file, found).map((why) => `${file} imports ${found.to}: ${why}`)),
  );
  return [...broken, ...fileCircles(graph), ...folderCircles(graph)];
}
