import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { installPackages } from "../../scripts/steps/debian.ts";
import { freePort } from "./debian-postgres.ts";

const PROGRAM = "/usr/bin/victoria-metrics";

/** Why Debian's VictoriaMetrics cannot be started here; undefined where it can, after installing it where that is allowed. */
export async function missingDebianVictoriaMetrics(): Promise<string | undefined> {
  if (existsSync(PROGRAM) || (await installPackages("VictoriaMetrics", ["victoria-metrics"]).catch(() => false)))
    return undefined;
  return "Debian's VictoriaMetrics cannot be installed here: apt-get install victoria-metrics";
}

/** A VictoriaMetrics of Debian's with nothing in it, in a folder of its own; it speaks Prometheus' API. */
export class DebianVictoriaMetrics {
  readonly url: string;
  readonly #dir: string;
  readonly #child: ChildProcess;

  private constructor(dir: string, port: number, child: ChildProcess) {
    this.#dir = dir;
    this.url = `http://127.0.0.1:${port}`;
    this.#child = child;
  }

  static async start(): Promise<DebianVictoriaMetrics> {
    const [dir, port] = [mkdtempSync(join(tmpdir(), "sightline-victoria-")), await freePort()];
    const args = [
      ...[`-storageDataPath=${join(dir, "data")}`, `-httpListenAddr=127.0.0.1:${port}`, "-retentionPeriod=6"],
      // The newest samples are there at once, as in the others.
      ...["-search.latencyOffset=0s", "-loggerLevel=ERROR"],
    ];
    const child = spawn(PROGRAM, args, { cwd: dir, stdio: ["ignore", "ignore", "inherit"] });
    const server = new DebianVictoriaMetrics(dir, port, child);
    for (let n = 0; n < 100; n++) {
      const answer = await fetch(`${server.url}/health`).catch(() => undefined);
      if (answer?.ok) return server;
      await sleep(100);
    }
    server.remove();
    throw new Error("VictoriaMetrics did not start");
  }

  /** Ends it and removes its folder. */
  remove(): void {
    this.#child.kill("SIGKILL");
    rmSync(this.#dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
