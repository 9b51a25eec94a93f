import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Estimate, Strength } from "#lib/access/strength.ts";

/** Estimates each password in a thread of its own, which runs a program and ends; one at a time, since each takes some 40 MB meanwhile. */
export function estimatorOf(program: string): Estimate {
  let before: Promise<unknown> = Promise.resolve();
  return (password, words) => {
    const estimated = before.then(async () => {
      const thread = new Worker(program, { workerData: { password, words } });
      const ended = once(thread, "exit").then(() =>
        Promise.reject(new Error("The strength of a password was not estimated")),
      );
      try {
        const [strength] = (await Promise.race([once(thread, "message"), ended])) as [Strength];
        return strength;
      } finally {
        await thread.terminate();
      }
    });
    before = estimated.catch(() => undefined);
    return estimated;
  };
}
