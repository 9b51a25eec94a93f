import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCluster } from "#lib/db/embedded/cluster.ts";
import { buildPortal } from "./steps/build.ts";
import { ensureChromium } from "./steps/chromium.ts";
import { generateClient } from "./steps/client.ts";
import { command } from "./steps/command.ts";
import { installPackages } from "./steps/debian.ts";
import { checkLengths, checkRooms } from "./steps/house/index.ts";
import { PRISMA_DIR, ROOT } from "./steps/paths.ts";

// Everything that must hold before a change lands, in the order that fails soonest.
//   npm test                 all of it
//   npm test -- unit         only what is named: lint types imports lengths dead audit start unit integration e2e
//   npm test -- tests/unit/tsdb/bucket.test.ts …    only some files of unit and integration tests

type Count = { passed: number; failed: number };

const bin = (name: string) => join(ROOT, "node_modules", ".bin", name);
const COVERAGE_FLOOR = 90;
const args = process.argv.slice(2);
const files = args.filter((arg) => arg.endsWith(".test.ts"));
const wanted = args.filter((arg) => !files.includes(arg));
const total: Count = { passed: 0, failed: 0 };

async function stage(name: string, run: () => Promise<Count>): Promise<void> {
  if (args.length > 0 && !wanted.includes(name)) return;
  const began = Date.now();
  console.error(`\n── ${name}`);
  const count = await run().catch((error: Error): Count => {
    console.error(error.stack ?? error.message);
    return { passed: 0, failed: 1 };
  });
  total.passed += count.passed;
  total.failed += count.failed;
  console.error(
    `── ${name}: ${count.passed} passed, ${count.failed} failed (${((Date.now() - began) / 1000).toFixed(1)} s)`,
  );
}

/** A tool that passes as a whole or not: its output is shown when it does not. */
async function tool(program: string, args: string[]): Promise<Count> {
  const { code, output } = await command(program, args);
  if (code !== 0) console.error(output.trim());
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

const TEST_FLAGS = [
  "--test",
  "--test-reporter=spec",
  "--test-concurrency=3",
  "--test-timeout=120000",
  "--disable-warning=ExperimentalWarning",
];

/** LibreOffice reads back what we export; where it is not and cannot be installed, its test is skipped and says so. */
async function ensureOffice(): Promise<void> {
  if (existsSync("/usr/bin/soffice")) return;
  if (!(await installPackages("LibreOffice Calc", ["libreoffice-calc-nogui"])))
    console.error("There is no LibreOffice, and no right to install it: its test is skipped");
}

/** A check may ask by the system's ping; where it is not and cannot be installed, its test is skipped and says so. */
async function ensurePing(): Promise<void> {
  if (existsSync("/usr/bin/ping") || existsSync("/bin/ping")) return;
  if (!(await installPackages("ping", ["iputils-ping"])))
    console.error("There is no ping, and no right to install it: its test is skipped");
}

/** Node's test runner. */
async function runner(args: string[], env?: Record<string, string>): Promise<Count> {
  const { code, output } = await command(process.execPath, [...TEST_FLAGS, ...args], { echo: true, env });
  const number = (label: string) => Number(output.match(new RegExp(`ℹ ${label} (\\d+)`))?.[1] ?? 0);
  const failed = number("fail") + number("cancelled");
  // It also fails for coverage below the floor.
  return { passed: number("pass"), failed: code !== 0 && failed === 0 ? 1 : failed };
}

/** Tests of files and patterns of them; only over all at once is the coverage of lib that of its tests. */
async function nodeTests(patterns: string[], { coverage: wantsCoverage = false } = {}): Promise<Count> {
  if (patterns.some((pattern) => /integration\/(\*|office)/.test(pattern))) await ensureOffice();
  if (patterns.some((pattern) => /integration\/(\*|checks)/.test(pattern))) await ensurePing();
  // Its tests start the portal that is built: no test waits for a build.
  if (patterns.some((pattern) => /integration\/(\*|start)/.test(pattern))) await buildPortal();
  const dir = mkdtempSync(join(tmpdir(), "sightline-test-"));
  const cluster = await startCluster(dir);
  try {
    const { makeTemplate } = await import("../tests/support/template.ts");
    await makeTemplate(cluster.url, PRISMA_DIR);
    const coverage = wantsCoverage
      ? [
          "--experimental-test-coverage",
          `--test-coverage-lines=${COVERAGE_FLOOR}`,
          "--test-coverage-include=lib/**",
          "--test-coverage-exclude=lib/db/generated/**",
        ]
      : [];
    return await runner([...coverage, ...patterns], {
      SIGHTLINE_TEST_SERVER: cluster.url,
      SIGHTLINE_CHECK_RESPONSES: "1",
      LOG_LEVEL: "silent",
      NEXTAUTH_SECRET: "a secret for tests only",
    });
  } finally {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function browserTests(): Promise<Count> {
  await ensureChromium();
  await buildPortal();
  const config = join("tests", "e2e", "playwright.config.ts");
  const { code, output } = await command(bin("playwright"), ["test", "--config", config], {
    echo: true,
    env: { LOG_LEVEL: "warn" },
  });
  const number = (label: string) => Number(output.match(new RegExp(`^\\s*(\\d+) ${label}`, "m"))?.[1] ?? 0);
  const failed = number("failed") + number("did not run") + number("interrupted");
  return { passed: number("passed") + number("flaky"), failed: code !== 0 && failed === 0 ? 1 : failed };
}

/** Rules of our own: each broken one is a line. */
async function rules(check: () => string[]): Promise<Count> {
  const broken = check();
  for (const line of broken) console.error(line);
  return { passed: broken.length === 0 ? 1 : 0, failed: broken.length };
}

/** A registry that does not answer the question says nothing about the packages. */
async function audit(): Promise<Count> {
  const { code, output } = await command("npm", ["audit", "--audit-level=high", "--omit=dev"]);
  if (code === 0) return { passed: 1, failed: 0 };
  if (/audit endpoint returned an error|ENOTFOUND|ECONNREFUSED|EAI_AGAIN/.test(output)) {
    console.error("The registry does not answer audits here: not checked");
    return { passed: 0, failed: 0 };
  }
  console.error(output.trim());
  return { passed: 0, failed: 1 };
}

await generateClient();
await stage("lint", () => tool(bin("biome"), ["ci", "--error-on-warnings", "."]));
await stage("types", () => tool(bin("tsc"), ["--noEmit"]));
await stage("imports", () => rules(checkRooms));
await stage("lengths", () => rules(checkLengths));
await stage("dead", () => tool(bin("knip"), ["--no-progress", "--no-config-hints"]));
await stage("audit", audit);
// By itself, since it builds: what is beside it would time out.
await stage("start", () => runner(["tests/start/*.test.ts"]));
const UNIT = "tests/unit/**/*.test.ts";
const INTEGRATION = "tests/integration/**/*.test.ts";
if (args.length === 0) {
  await stage("unit and integration", () => nodeTests([UNIT, INTEGRATION], { coverage: true }));
} else {
  if (files.length > 0) wanted.push("files");
  await stage("unit", () => nodeTests([UNIT]));
  await stage("integration", () => nodeTests([INTEGRATION]));
  await stage("files", () => nodeTests(files));
}
await stage("e2e", browserTests);

console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
