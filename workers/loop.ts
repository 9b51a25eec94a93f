import { setTimeout as sleep } from "node:timers/promises";
import { log, reasonOf } from "#lib/log.ts";

/** Something done again and again; when it fails, the log says `again` and the next round tries it anew. */
export type Task = { run(): Promise<void>; again: string };

export const stopping = new AbortController();

/** Does the tasks in turn, pausing between rounds, until the supervisor says stop or is gone; then does the last thing and ends. */
export function runLoop(tasks: Task[], pauseMs: () => number, end: () => Promise<void>): void {
  const round = async () => {
    while (!stopping.signal.aborted) {
      for (const { run, again } of tasks)
        await run().catch((error: Error) => log.warn({ reason: reasonOf(error) }, again));
      await sleep(pauseMs(), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    await end();
    process.exit(0);
  };
  process.on("SIGTERM", () => stopping.abort());
  process.on("disconnect", () => stopping.abort());
  process.send?.({ ready: true });
  void round();
}
