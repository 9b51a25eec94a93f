import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

// The agent is one file, or one executable that has Node within: either way it starts itself as other programs.

/** Flags that keep the process small: the young generation is collected more often. */
const LEAN_FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=96"];

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
  environment: (): Record<string, string> => (executable ? { NODE_OPTIONS: LEAN_FLAGS.join(" ") } : {}),
});

/** The program that runs now, by its import.meta.url, which the build leaves an executable without. */
export const thisAgent = (moduleUrl: string | undefined): AgentProgram =>
  moduleUrl === undefined ? agentAt(process.execPath, true) : agentAt(fileURLToPath(moduleUrl), false);

/** Starts the agent as another program of its own, which it can speak with. */
export function forkAgent(
  { file, executable }: AgentProgram,
  name: string,
  flags: string[],
  env: NodeJS.ProcessEnv,
): ChildProcess {
  if (!executable) return fork(file, [name], { env, execArgv: flags });
  return fork(name, [], { env: { ...env, NODE_OPTIONS: flags.join(" ") }, execPath: file, execArgv: [] });
}

/** Node takes these flags only at its start: where it can, this process becomes another that has them. Does nothing in that other. */
export function becomeLean(agent: AgentProgram): void {
  const { execve } = process as { execve?: (file: string, args: string[], env: NodeJS.ProcessEnv) => never };
  if (!execve || process.execArgv.length > 0 || process.env.SIGHTLINE_LEAN) return;
  const [file = "", ...args] = agent.command(process.argv.slice(2));
  execve.call(process, file, [file, ...args], { ...process.env, ...agent.environment(), SIGHTLINE_LEAN: "1" });
}
