import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#lib/db/embedded/port.ts";

const ROOT = join(import.meta.dirname, "..", "..");

export type Portal = {
  url: string;
  pid: number;
  dataDir: string;
  token: string | undefined;
  output(): string;
  stop(): Promise<void>;
};

type Outcome = { code: number | null; output: string };

/** Runs a script of package.json as a user does, but for npm itself, and answers when it has ended. */
export function runScript(
  args: string[],
  env: Record<string, string>,
  input?: string,
  root: string = ROOT,
  launcher: readonly [string, ...string[]] = ["sh", "scripts/run.sh"],
): { child: ChildProcess; ended: Promise<Outcome>; output(): string } {
  const [program, ...first] = launcher;
  const child = spawn(program, [...first, ...args], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: "", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  const collect = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  child.stdin?.end(input);
  const ended = new Promise<Outcome>((resolve) => child.on("close", (code) => resolve({ code, output })));
  return { child, ended, output: () => output };
}

/** `npm start` on a data folder of its own; answers once the address is printed. */
export async function startPortal(
  dataDir: string,
  env: Record<string, string> = {},
  root: string = ROOT,
  launcher?: readonly [string, ...string[]],
): Promise<Portal> {
  const port = env.PORT ? Number(env.PORT) : await freePort();
  const { child, ended, output } = runScript(
    ["start"],
    { DATA_DIR: dataDir, PORT: String(port), ...env },
    undefined,
    root,
    launcher,
  );
  let code: number | null | undefined;
  void ended.then((outcome) => {
    code = outcome.code;
  });
  while (!output().includes("Ctrl-C stops it")) {
    if (code !== undefined) throw new Error(`The portal ended with ${code}:\n${output()}`);
    await sleep(50);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid as number,
    dataDir,
    token: /with the token (\S+)/.exec(output())?.[1],
    output,
    async stop() {
      child.kill("SIGINT");
      await ended;
    },
  };
}

/** The processes below one, with their command lines. */
export function descendants(pid: number): { pid: number; command: string }[] {
  const parents = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const stat = readFileSync(`/proc/${entry}/stat`, "latin1");
        const command = readFileSync(`/proc/${entry}/cmdline`, "latin1").replaceAll("\0", " ");
        return [{ pid: Number(entry), parent: Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]), command }];
      } catch {
        return [];
      }
    });
  const below = (id: number): typeof parents =>
    parents.filter((p) => p.parent === id).flatMap((p) => [p, ...below(p.pid)]);
  return below(pid);
}

/** The pid of one of the portal's processes. */
export function processOf(portalPid: number, part: "web" | "recorder" | "collector" | "postgres"): number {
  const mark = part === "postgres" ? " -D " : `dist/${part}.js`;
  const found = descendants(portalPid).find(({ command }) => command.includes(mark));
  if (!found) throw new Error(`The portal has no ${part} process`);
  return found.pid;
}
