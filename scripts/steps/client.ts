import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { mustRun } from "./command.ts";
import { fingerprint, once } from "./fingerprint.ts";
import { PRISMA_DIR, packageFile, ROOT } from "./paths.ts";

// The client of the database, lib/db/generated. What runs of it stands among the sources, since what makes it takes 170 MB that the portal does not need;
// its types, seven times as long, are made where they are checked.

const GENERATED = join("lib", "db", "generated");

const require = createRequire(import.meta.url);
const { version: PRISMA } = require("@prisma/client/package.json") as { version: string };

const GENERATOR = packageFile("prisma/build/index.js");

/**
 * Makes the client anew where it or its types are of another schema or version of Prisma, and the file that it reads its compiler of queries from.
 * @throws Error where it is, and nothing is there that makes it
 */
export async function generateClient(): Promise<void> {
  const print = `${fingerprint(["prisma/schema.prisma"])} ${PRISMA}\n`;
  // Each beside what it stands for, so that it goes with it.
  const [stamp, typesStamp] = [join(ROOT, GENERATED, ".fingerprint"), join(ROOT, GENERATED, "models", ".fingerprint")];
  if (existsSync(GENERATOR))
    await once(typesStamp, print, async () => {
      await generate();
      writeFileSync(stamp, print);
    });
  else if (readFileSync(stamp, "utf8") !== print)
    throw new Error(`${GENERATED} is of another schema: \`npm test -- types\` makes it anew`);
  unpackCompiler();
}

async function generate(): Promise<void> {
  await mustRun(
    "prisma generate",
    process.execPath,
    [GENERATOR, "generate", "--schema", join(PRISMA_DIR, "schema.prisma")],
    // Wanted although `generate` does not run it.
    { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" },
  );
  readCompilerFromFile();
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
  const path = join(ROOT, GENERATED, "internal", "class.ts");
  const client = readFileSync(path, "utf8");
  if (COMPILER_IMPORT.exec(client)?.[1] !== COMPILER_CODE)
    throw new Error("Prisma's client imports its compiler in another way: see readCompilerFromFile()");
  const read = `const [{ readFile }, { join }] = await Promise.all([import("node:fs/promises"), import("node:path")])
    return new WebAssembly.Module(await readFile(join(process.env.SIGHTLINE_ROOT ?? process.cwd(), ${JSON.stringify(COMPILER)})))`;
  writeFileSync(
    path,
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
