import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPackages } from "../../scripts/steps/debian.ts";
import { freePort } from "./debian-postgres.ts";

const PROGRAMS = {
  "prometheus-node-exporter": "/usr/bin/prometheus-node-exporter",
  "prometheus-postgres-exporter": "/usr/bin/prometheus-postgres-exporter",
  "prometheus-nginx-exporter": "/usr/bin/prometheus-nginx-exporter",
  "prometheus-redis-exporter": "/usr/bin/prometheus-redis-exporter",
  "nginx-light": "/usr/sbin/nginx",
  "redis-server": "/usr/bin/redis-server",
};
export type ExporterPackage = keyof typeof PROGRAMS;

/** Why Debian's exporters and what they watch cannot be started here; undefined where they can, after installing them where that is allowed. */
export async function missingDebianExporters(): Promise<string | undefined> {
  const missing = Object.entries(PROGRAMS).flatMap(([name, program]) => (existsSync(program) ? [] : [name]));
  if (missing.length === 0 || (await installPackages("exporters", missing).catch(() => false))) return undefined;
  return `Debian's exporters cannot be installed here: apt-get install ${missing.join(" ")}`;
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url).catch(() => undefined))?.ok === true;
}

/** Programs of Debian's in a folder of their own, each on a port of its own; their services are left alone. */
export class DebianExporters {
  readonly dir = mkdtempSync(join(tmpdir(), "sightline-exporters-"));
  readonly #children: ChildProcess[] = [];

  /** Writes a file into the folder, and answers its path. */
  write(name: string, text: string): string {
    const path = join(this.dir, name);
    writeFileSync(path, text);
    return path;
  }

  /** Starts a program; `env` is added to what it inherits. */
  run(name: ExporterPackage, args: string[], env: Record<string, string> = {}): void {
    const child = spawn(PROGRAMS[name], args, { cwd: this.dir, env: { ...process.env, ...env }, stdio: "ignore" });
    this.#children.push(child);
  }

  /** Starts an exporter by the flag that says where it listens, and answers its port once it does. @throws Error where it does not */
  async serve(name: ExporterPackage, flag: string, args: string[], env: Record<string, string> = {}): Promise<number> {
    const port = await freePort();
    this.run(name, [`${flag}=127.0.0.1:${port}`, ...args], env);
    for (let n = 0; n < 100; n++) {
      if (await answers(`http://127.0.0.1:${port}/metrics`)) return port;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${name} does not answer`);
  }

  /** Ends all of them and removes the folder. */
  remove(): void {
    for (const child of this.#children) child.kill("SIGKILL");
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
