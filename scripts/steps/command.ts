import { spawn } from "node:child_process";
import { ROOT } from "./paths.ts";

export type Outcome = { code: number; output: string };

/** Runs a program of this project by the pinned Node, or any other, and answers its exit code and all it printed. */
export function command(
  program: string,
  args: string[],
  options: { env?: Record<string, string> | undefined; echo?: boolean } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk;
      if (options.echo) process.stderr.write(chunk);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** As `command`, for one that must succeed. @throws Error with what it printed */
export async function mustRun(
  title: string,
  program: string,
  args: string[],
  env?: Record<string, string>,
): Promise<void> {
  const { code, output } = await command(program, args, { env });
  if (code !== 0) throw new Error(`${title} failed:\n${output.trim().split("\n").slice(-40).join("\n")}`);
}
