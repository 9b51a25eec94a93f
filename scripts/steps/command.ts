import { spawn } from "node:child_process";
import { endsWithParent } from "#lib/config/ends-with-parent.ts";
import { stopSignal } from "../../workers/lifecycle.ts";
import { ROOT } from "./paths.ts";

export type Outcome = { code: number; output: string };

/** Runs a program of this project by the pinned Node, or any other, and answers its exit code and all it printed. It ends when this process does. */
export function command(
  program: string,
  args: string[],
  options: { env?: Record<string, string> | undefined; echo?: boolean } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(...endsWithParent("TERM", program, args), {
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
    const stop = () => void child.kill("SIGTERM");
    stopSignal.addEventListener("abort", stop);
    child.on("error", reject);
    child.on("close", (code) => {
      stopSignal.removeEventListener("abort", stop);
      resolve({ code: code ?? 1, output });
    });
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
