import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { mustRun } from "./command.ts";
import { fingerprint, once } from "./fingerprint.ts";
import { PRISMA_DIR, packageFile, ROOT } from "./paths.ts";
import { pruneGraph, queriesIn } from "./query-graph.ts";

// The client of the database, lib/db/generated. What runs of it stands among the sources, since what makes it takes 170 MB that the portal does not need;
// its types, seven times as long, are made where they are checked.

const GENERATED = join("lib", "db", "generated");
const CLIENT = join(ROOT, GENERATED, "internal", "class.ts");

const require = createRequire(import.meta.url);
const { version: PRISMA } = require("@prisma/client/package.json") as { version: string };

const GENERATOR = packageFile("prisma/build/index.js");

/**
 * Makes the client anew where it or its types are of another schema or version of Prisma, and the file that it reads its compiler of queries from.
 * @throws Error where it is, and nothing is there that makes it
 */
export async function generateClient(): Promise<void> {
  const schema = `${fingerprint(["prisma/schema.prisma"])} ${PRISMA}`;
  // Each beside what it stands for, so that it goes with it.
  const [stamp, typesStamp] = [join(ROOT, GENERATED, ".fingerprint"), join(ROOT, GENERATED, "models", ".fingerprint")];
  if (existsSync(GENERATOR)) {
    const queries = usedQueries();
    const print = `${schema} ${createHash("sha256")
      .update([...queries].sort().join(" "))
      .digest("hex")}\n`;
    await once(typesStamp, print, async () => {
      await generate(queries);
      writeFileSync(stamp, print);
    });
  } else if (!readFileSync(stamp, "utf8").startsWith(`${schema} `))
    throw new Error(`${GENERATED} is of another schema: \`npm test -- types\` makes it anew`);
  unpackCompiler();
}

/** The queries that the sources use: what they call by a model's name of the schema. */
function usedQueries(): Set<string> {
  const files = globSync("{app,components,lib,scripts,tests,workers}/**/*.{ts,tsx}", {
    cwd: ROOT,
    exclude: (path) => path === GENERATED,
  });
  const schema = readFileSync(join(PRISMA_DIR, "schema.prisma"), "utf8");
  const models = new Set([...schema.matchAll(/^model (\w+)/gm)].map(([, name]) => name));
  const queries = queriesIn(files.map((file) => readFileSync(join(ROOT, file), "utf8")));
  return new Set([...queries].filter((query) => models.has(query.slice(0, query.indexOf(".")))));
}

async function generate(queries: ReadonlySet<string>): Promise<void> {
  await mustRun(
    "prisma generate",
    process.execPath,
    [GENERATOR, "generate", "--schema", join(PRISMA_DIR, "schema.prisma")],
    // Wanted although `generate` does not run it.
    { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" },
  );
  readCompilerFromFile();
  pruneQueries(queries);
}

const GRAPH = /config\.parameterizationSchema = \{\s+strings: JSON\.parse\((".*")\),\s+graph: "([^"]*)"\s+\}/;

/** @throws Error where Prisma generates its graph of queries otherwise */
function pruneQueries(queries: ReadonlySet<string>): void {
  const client = readFileSync(CLIENT, "utf8");
  const [, strings = "", graph = ""] = GRAPH.exec(client) ?? [];
  if (graph === "") throw new Error("Prisma's client holds its graph of queries otherwise: see pruneQueries()");
  const pruned = pruneGraph({ strings: JSON.parse(JSON.parse(strings)), graph }, queries);
  const text = `config.parameterizationSchema = {
  strings: JSON.parse(${JSON.stringify(JSON.stringify(pruned.strings))}),
  graph: "${pruned.graph}"
}`;
  writeFileSync(
    CLIENT,
    client.replace(GRAPH, () => text),
  );
}

const COMPILER_CODE = "@prisma/client/runtime/query_compiler_small_bg.postgresql.wasm-base64";
const COMPILER = join(GENERATED, `query-compiler-${PRISMA}.wasm`);
const COMPILER_IMPORT =
  /const \{ wasm \} = await import\("(@prisma\/client\/[^"]+)\.mjs"\)\s+return await decodeBase64AsWasm\(wasm\)/;

/**
 * Has the generated client read its compiler from a file. It comes as base64 in a module, which each process would keep twice, 4.6 MB in all.
 * @throws Error where Prisma generates it otherwise
 */
function readCompilerFromFile(): void {
  const client = readFileSync(CLIENT, "utf8");
  if (COMPILER_IMPORT.exec(client)?.[1] !== COMPILER_CODE)
    throw new Error("Prisma's client imports its compiler in another way: see readCompilerFromFile()");
  const read = `const [{ readFile }, { join }] = await Promise.all([import("node:fs/promises"), import("node:path")])
    return new WebAssembly.Module(await readFile(join(process.env.SIGHTLINE_ROOT ?? process.cwd(), ${JSON.stringify(COMPILER)})))`;
  writeFileSync(
    CLIENT,
    client.replace(COMPILER_IMPORT, () => read),
  );
}

/** Writes that file, unless it is there, and takes away those of other versions. */
function unpackCompiler(): void {
  const path = join(ROOT, COMPILER);
  if (existsSync(path)) return;
  for (const other of globSync(join(ROOT, GENERATED, "*.wasm*"))) rmSync(other);
  const { wasm } = require(`${COMPILER_CODE}.js`) as { wasm: string };
  writeFileSync(`${path}.part`, Buffer.from(wasm, "base64"));
  renameSync(`${path}.part`, path);
}
