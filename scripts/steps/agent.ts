import {
  chmodSync,
  copyFileSync,
  createReadStream,
  createWriteStream,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";
import { type BuildOptions, build as bundle } from "esbuild";
import { mustRun } from "./command.ts";
import { ROOT } from "./paths.ts";

// The agent that the portal hands out: one file for machines with Node, and one executable for those without.

const COMMON: BuildOptions = {
  entryPoints: [join(ROOT, "workers", "agent.ts")],
  bundle: true,
  platform: "node",
  minify: true,
  keepNames: true,
  logLevel: "silent",
};

/** An ES module around CommonJS: only the latter loads a module of Node where it is first needed, and the prober needs few. */
const AROUND = `#!/usr/bin/env node
import { createRequire } from "node:module";
const [require, sightlineUrl, module] = [createRequire(import.meta.url), import.meta.url, { exports: {} }];
`;

/** The prober as one small program. */
async function proberProgram(): Promise<string> {
  const entryPoints = [join(ROOT, "workers", "prober.ts")];
  const { outputFiles } = await bundle({ ...COMMON, entryPoints, format: "cjs", target: "node20", write: false });
  return outputFiles?.[0]?.text ?? "";
}

/** The agent as one file that runs on other machines, by Node 20 or later, with all its packages. */
export async function bundleAgent(outfile: string, entry = join(ROOT, "workers", "agent.ts")): Promise<void> {
  await bundle({
    ...COMMON,
    entryPoints: [entry],
    outfile,
    format: "cjs",
    target: "node20",
    define: { "import.meta.url": "sightlineUrl", SIGHTLINE_PROBER: JSON.stringify(await proberProgram()) },
    banner: { js: AROUND },
  });
}

const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/**
 * The agent within a copy of this Node (nodejs.org/api/single-executable-applications.html), so that a host needs none. Node runs CommonJS there,
 * which has no address of its own. Compressed by zstd, to a third.
 * @throws Error where this Node cannot be made one
 */
export async function buildAgentExecutable(outfile: string): Promise<void> {
  const part = (name: string) => `${outfile}.${name}`;
  try {
    await bundle({
      ...COMMON,
      outfile: part("cjs"),
      format: "cjs",
      target: "node24",
      define: { "import.meta.url": "undefined", "import.meta.filename": "__filename", SIGHTLINE_PROBER: "undefined" },
    });
    const config = {
      ...{ main: part("cjs"), output: part("blob") },
      ...{ disableExperimentalSEAWarning: true, useCodeCache: true },
    };
    writeFileSync(part("json"), JSON.stringify(config));
    await mustRun("single executable", process.execPath, ["--experimental-sea-config", part("json")]);
    copyFileSync(process.execPath, part("new"));
    chmodSync(part("new"), 0o755);
    const postject = join(ROOT, "node_modules", "postject", "dist", "cli.js");
    const injected = [part("new"), "NODE_SEA_BLOB", part("blob"), "--sentinel-fuse", FUSE];
    await mustRun("postject", process.execPath, [postject, ...injected]);
    const packed = createWriteStream(part("zst"));
    await pipeline(createReadStream(part("new")), createZstdCompress(), packed);
    renameSync(part("zst"), outfile);
  } finally {
    for (const name of ["cjs", "blob", "json", "new", "zst"]) rmSync(part(name), { force: true });
  }
}
