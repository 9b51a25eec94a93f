import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Database } from "#lib/db/client.ts";
import { addInput } from "#lib/scrape/scrape-inputs.ts";
import { installPackages } from "../../scripts/steps/debian.ts";
import { freePort } from "./debian-postgres.ts";

/** Adds an input that scrapes; answers its id. */
export async function addScrapeInput(
  db: Database,
  name: string,
  config: object,
  role: "admin" | "operator" = "admin",
): Promise<number> {
  const author = { id: "00000000-0000-0000-0000-000000000001", role };
  return (await addInput(db, { name, kind: "scrape", scrape: JSON.stringify(config) }, author)).id;
}

/** A target on a port of its own. */
export class TestTarget {
  readonly #server: Server;
  #port = 0;
  requests = 0;
  connections = 0;

  constructor(listener: RequestListener) {
    this.#server = createServer((request, response) => {
      this.requests += 1;
      listener(request, response);
    });
    // A test that fails leaves it open: its process ends all the same.
    this.#server.unref();
    this.#server.on("connection", () => {
      this.connections += 1;
    });
  }

  static async open(listener: RequestListener): Promise<TestTarget> {
    const target = new TestTarget(listener);
    await target.open();
    return target;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

const PROGRAMS: Record<string, string> = {
  "prometheus-node-exporter": "/usr/bin/prometheus-node-exporter",
  "prometheus-postgres-exporter": "/usr/bin/prometheus-postgres-exporter",
  "prometheus-nginx-exporter": "/usr/bin/prometheus-nginx-exporter",
  "nginx-light": "/usr/sbin/nginx",
};

/** Why Debian's exporters cannot be started here; undefined where they can, after installing them where that is allowed. */
export async function missingExporters(): Promise<string | undefined> {
  const missing = Object.keys(PROGRAMS).filter((name) => !existsSync(PROGRAMS[name] ?? ""));
  if (missing.length === 0 || (await installPackages("exporters", missing).catch(() => false))) return undefined;
  return `Debian's exporters cannot be installed here: apt-get install ${missing.join(" ")}`;
}

/** A program of Debian's that serves HTTP at an address of its own, started here and not by its service. */
export class DebianExporter {
  readonly address: string;
  readonly #child: ChildProcess;

  private constructor(address: string, child: ChildProcess) {
    this.address = address;
    this.#child = child;
  }

  static async start(
    name: string,
    args: (address: string) => string[],
    env: Record<string, string> = {},
  ): Promise<DebianExporter> {
    const address = `127.0.0.1:${await freePort()}`;
    const options = { stdio: "ignore", env: { ...process.env, ...env } } as const;
    const exporter = new DebianExporter(address, spawn(PROGRAMS[name] ?? name, args(address), options));
    for (let n = 0; n < 100; n++) {
      if (await fetch(`http://${address}/metrics`).catch(() => undefined)) return exporter;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    exporter.stop();
    throw new Error(`${name} did not start`);
  }

  stop(): void {
    this.#child.kill("SIGTERM");
  }
}
