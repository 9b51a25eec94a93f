import { rmSync } from "node:fs";
import { join } from "node:path";
import { build as bundle } from "esbuild";
import { buildAgentExecutable, bundleAgent } from "./agent.ts";
import { mustRun } from "./command.ts";
import { fingerprint, once } from "./fingerprint.ts";
import { PRISMA_DIR, ROOT } from "./paths.ts";

const bin = (path: string) => join(ROOT, "node_modules", path);

/** Makes lib/db/generated from the schema. Prisma asks for its engine's path although `generate` does not run it. */
export function generateClient(): Promise<boolean> {
  // Beside what it stands for, so that it goes with it.
  const stamp = join(ROOT, "lib", "db", "generated", ".fingerprint");
  const print = fingerprint(["prisma/schema.prisma", "package-lock.json"]);
  return once(stamp, print, () =>
    mustRun(
      "prisma generate",
      process.execPath,
      [bin("prisma/build/index.js"), "generate", "--schema", join(PRISMA_DIR, "schema.prisma")],
      {
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        CHECKPOINT_DISABLE: "1",
      },
    ),
  );
}

const WORKERS = [
  ...["portal", "migrator", "web", "recorder", "collector", "prober", "background", "scraper", "exporter"],
];

/**
 * Workers as plain JavaScript: the type stripper would cost each of them 17 MB and a second. In parts: what a worker imports when it needs it would
 * else be loaded at once.
 */
const bundleWorkers = (names: string[]): Promise<unknown> =>
  bundle({
    entryPoints: names.map((name) => join(ROOT, "workers", `${name}.ts`)),
    outdir: join(ROOT, "dist"),
    bundle: true,
    jsx: "automatic",
    platform: "node",
    format: "esm",
    target: "node24",
    packages: "external",
    splitting: true,
    sourcemap: true,
    logLevel: "silent",
  });

/** What the portal hands out to other machines. One executable of it is offered where this Node can be made one. */
async function buildAgent(): Promise<void> {
  await bundleAgent(join(ROOT, "dist", "agent.mjs"));
  await buildAgentExecutable(join(ROOT, "dist", "sightline-agent")).catch((error: Error) =>
    console.error(`The agent is offered as a file for Node only: ${error.message}`),
  );
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
    await Promise.all([bundleWorkers(WORKERS), buildAgent()]);
    await mustRun("next build", process.execPath, [bin("next/dist/bin/next"), "build"], {
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_ENV: "production",
    });
  });
}
