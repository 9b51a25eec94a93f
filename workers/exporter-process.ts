import { once } from "node:events";
import { EXPORTER_ENV, EXPORTER_FLAGS } from "#lib/exports/progress.ts";
import { forkWorker } from "./secrets.ts";

/** Runs the exporter to its end. An abort of the signal tells it to stop. @throws Error where it fails by itself */
async function run(program: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const options = { execArgv: EXPORTER_FLAGS, env: { ...process.env, ...EXPORTER_ENV } };
  const child = forkWorker(program, ["DATABASE_URL", "NEXTAUTH_SECRET"], options);
  const end = () => void child.kill("SIGTERM");
  signal.addEventListener("abort", end);
  try {
    const [code, killedBy] = await once(child, "exit");
    if (code !== 0 && !signal.aborted) throw new Error(`The exporter ended with ${killedBy ?? code}`);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** A way to run a process that makes the files that wait and ends with the memory that they took. One at a time: who comes meanwhile waits for it. */
export function exporterRunner(program: string): (signal: AbortSignal) => Promise<void> {
  let running: Promise<void> | undefined;
  return (signal) => {
    running ??= run(program, signal).finally(() => {
      running = undefined;
    });
    return running;
  };
}
