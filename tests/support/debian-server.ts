import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#lib/db/embedded/port.ts";

/** Where a server of Debian's is to run: a folder and a port of its own. */
export type ServerSite = { dir: string; port: number };

export const newSite = async (name: string): Promise<ServerSite> => ({
  dir: mkdtempSync(join(tmpdir(), `sightline-${name}-`)),
  port: await freePort(),
});

/** A server of Debian's that a test or a bench has started; its service is left alone. */
export class DebianServer {
  readonly url: string;
  readonly dir: string;
  readonly #child: ChildProcess;

  constructor({ dir, port }: ServerSite, program: string, args: string[]) {
    this.dir = dir;
    this.url = `http://127.0.0.1:${port}`;
    this.#child = spawn(program, args, { cwd: dir, stdio: ["ignore", "ignore", "inherit"] });
  }

  /** Waits until it answers at a path. @throws Error where it does not within ten seconds; then it is gone */
  async waitFor(path: string): Promise<this> {
    for (let n = 0; n < 100; n++) {
      const answer = await fetch(this.url + path).catch(() => undefined);
      if (answer?.ok) return this;
      await sleep(100);
    }
    this.remove();
    throw new Error(`${this.constructor.name} did not start`);
  }

  /** The id of its process. */
  get pid(): number {
    return this.#child.pid as number;
  }

  /** Has it end by itself, with all that it holds written. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await once(this.#child, "exit");
  }

  /** Ends it and removes its folder. */
  remove(): void {
    this.#child.kill("SIGKILL");
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
