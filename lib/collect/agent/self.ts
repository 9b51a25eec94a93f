import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PROBER_FLAGS, proberEnvironment } from "#lib/collect/prober.ts";

// The agent is one file, or one executable that has Node within: either way it starts itself as other programs.

/** Flags that keep the process small: the young generation is collected more often. */
const LEAN_FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=96", "--v8-pool-size=0"];

/** Where the agent is, and how it is started; flags of Node stand before its file, or, for an executable, in the environment. */
export type AgentProgram = {
  file: string;
  executable: boolean;
  command(args: string[]): string[];
  environment(): Record<string, string>;
};

/** The agent at a path, as an executable or as a file for this Node. */
export const agentAt = (file: string, executable: boolean): AgentProgram => ({
  file,
  executable,
  command: (args) => (executable ? [file, ...args] : [process.execPath, ...LEAN_FLAGS, file, ...args]),
  environment: () => ({ MALLOC_ARENA_MAX: "1", ...(executable ? { NODE_OPTIONS: LEAN_FLAGS.join(" ") } : {}) }),
});

/** The program that runs now, by its import.meta.url, which the build leaves an executable without. */
export const thisAgent = (moduleUrl: string | undefined): AgentProgram =>
  moduleUrl === undefined ? agentAt(process.execPath, true) : agentAt(fileURLToPath(moduleUrl), false);

/** The prober's program, which the build puts here: V8 reads the whole of a file, and the agent's takes 10 MB more. */
declare const SIGHTLINE_PROBER: string;

function proberFile(dataDir: string): string {
  const file = join(dataDir, "prober.cjs");
  if (!existsSync(file) || readFileSync(file, "utf8") !== SIGHTLINE_PROBER)
    writeFileSync(file, SIGHTLINE_PROBER, { mode: 0o600 });
  return file;
}

/** Starts the prober: a small file of its own in the data folder, or the executable once more. @throws what the file system says */
export function forkProber({ file, executable }: AgentProgram, dataDir: string): ChildProcess {
  const env = proberEnvironment();
  if (!executable) return fork(proberFile(dataDir), { env, execArgv: PROBER_FLAGS });
  return fork("prober", [], { env: { ...env, NODE_OPTIONS: PROBER_FLAGS.join(" ") }, execPath: file, execArgv: [] });
}

/** Node takes these flags only at its start: where it can, this process becomes another that has them. Does nothing in that other. */
export function becomeLean(agent: AgentProgram): void {
  const { execve } = process as { execve?: (file: string, args: string[], env: NodeJS.ProcessEnv) => never };
  if (!execve || process.execArgv.length > 0 || process.env.SIGHTLINE_LEAN) return;
  const [file = "", ...args] = agent.command(process.argv.slice(2));
  execve.call(process, file, [file, ...args], { ...process.env, ...agent.environment(), SIGHTLINE_LEAN: "1" });
}
