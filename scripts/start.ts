import { join } from "node:path";
import { Listr, type ListrTask, PRESET_TIMER } from "listr2";
import { type Environment, readEnvironment } from "#lib/config/environment.ts";
import { lockDataDir } from "#lib/db/embedded/lock.ts";
import { isDomainError } from "#lib/errors.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { LEAN_ENV, LEAN_FLAGS } from "../workers/lean.ts";
import { onStop, stopSignal } from "../workers/lifecycle.ts";
import { buildPortal } from "./steps/build.ts";
import { assertDisk, assertPortFree, assertReachable } from "./steps/checks.ts";
import { generateClient } from "./steps/client.ts";
import { ROOT } from "./steps/paths.ts";

// Makes what is missing and becomes the portal: what builds it takes 150 MB, and need not stay.

const STOP_MS = 3 * SECOND_MS;

let unlock: (() => void) | undefined;
const stop = onStop([{ name: "lock", run: () => unlock?.() }], STOP_MS);

/** What must hold and be there before the portal is started, in order. */
function steps({ dataDir, host, port, databaseUrl }: Environment): ListrTask[] {
  return [
    {
      title: "Check port, disk and data folder",
      async task() {
        assertDisk(dataDir);
        unlock = lockDataDir(dataDir);
        await assertPortFree(host, port);
      },
    },
    ...(databaseUrl ? [{ title: "Reach PostgreSQL at DATABASE_URL", task: () => assertReachable(databaseUrl) }] : []),
    { title: "Make the database client", task: generateClient },
    { title: "Build the portal where it changed", task: () => buildPortal().then(() => undefined) },
  ];
}

async function main(): Promise<void> {
  const list = new Listr(steps(readEnvironment()), {
    rendererOptions: { timer: PRESET_TIMER, showErrorMessage: false },
    fallbackRendererOptions: { timer: PRESET_TIMER },
    // Its own would end the process at once.
    registerSignalListeners: false,
  });
  try {
    await list.run();
  } catch (error) {
    // The list of steps has shown it; only what nobody expected needs its origin too.
    if (!stopSignal.aborted && !isDomainError(error)) console.error((error as Error).stack);
    await stop(1);
  }
  if (stopSignal.aborted) return;
  unlock?.();
  const portal = [process.execPath, ...process.execArgv, ...LEAN_FLAGS, join(ROOT, "dist", "portal.js")];
  process.execve?.(process.execPath, portal, { ...process.env, ...LEAN_ENV });
}

main().catch(async (error: Error) => {
  if (!stopSignal.aborted) console.error(`✖ ${isDomainError(error) ? error.message : (error.stack ?? error.message)}`);
  await stop(1);
});
