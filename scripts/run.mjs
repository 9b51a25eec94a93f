// What every npm script goes through: installs what the lockfile names, then runs scripts/NAME.ts by the pinned Node.
// Plain JavaScript without dependencies, because it runs before either is there.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const node = join(root, "node_modules", "node", "bin", "node");
const [name, ...args] = process.argv.slice(2);

function fail(message) {
  console.error(`✖ ${message}`);
  process.exit(1);
}

if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(
    `Sightline needs Node 20 or later to start (this is ${process.version}): install it from your system or nodejs.org`,
  );
}

let isFull = false;
try {
  isFull = ensureInstalled(root, name, node);
} catch (error) {
  fail(error.message);
}

const stdio = ["inherit", "inherit", "inherit", "ipc"];
let child;

/** Runs a program by its command line, and after it the one to which it hands over, with that one's environment. */
function launch(command, more = {}) {
  let after;
  const env = { ...process.env, SIGHTLINE_ROOT: root, SIGHTLINE_FULL: String(isFull), ...more };
  child = spawn(node, ["--disable-warning=ExperimentalWarning", ...command], { cwd: root, stdio, env });
  child.on("message", (message) => {
    after = message;
  });
  child.on("exit", (code, signal) => {
    if (code === 0 && after) launch(after.next, after.env);
    else process.exit(signal ? 1 : (code ?? 1));
  });
}

launch([join(root, "scripts", `${name}.ts`), ...args]);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));

/** The parent of a process by /proc; undefined for one that has ended, and on other systems. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

/** This process and those above it up to npm, which may have a shell between. Without npm, none is watched: a shell may end and leave us. */
function upToNpm() {
  if (!process.env.npm_lifecycle_event) return [];
  const chain = [process.pid];
  for (let pid = parentOf(process.pid); pid > 1; pid = parentOf(pid)) {
    chain.push(pid);
    if (/^(npm|pnpm|yarn)\b|\/(npm-cli|pnpm|yarn)\.c?js/.test(readFileSync(`/proc/${pid}/cmdline`, "latin1")))
      return chain;
  }
  return [];
}

// When npm is killed outright there is no signal to pass on: the portal must not stay behind unseen.
const chain = upToNpm();
const isWhole = () => chain.every((pid, n) => n === chain.length - 1 || parentOf(pid) === chain[n + 1]);
if (chain.length > 1) setInterval(() => isWhole() || child.kill("SIGTERM"), 3000).unref();
