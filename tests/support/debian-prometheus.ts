import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPackages } from "../../scripts/steps/debian.ts";
import { freePort } from "./debian-postgres.ts";
import { remoteWrite, type WrittenSeries } from "./remote-write.ts";

const PROGRAM = "/usr/bin/prometheus";

/** Why Debian's Prometheus cannot be started here; undefined where it can, after installing it where that is allowed. */
export async function missingDebianPrometheus(): Promise<string | undefined> {
  if (existsSync(PROGRAM) || (await installPackages("Prometheus", ["prometheus"]).catch(() => false))) return undefined;
  return "Debian's prometheus cannot be installed here: apt-get install prometheus";
}

/** An answer of Prometheus' HTTP API. */
export type PrometheusAnswer = {
  status: "success" | "error";
  errorType?: string;
  error?: string;
  data?: { resultType: string; result: unknown };
};

/** Writes a past as blocks, which a running Prometheus would not take: its head takes what is newer than an hour. */
function writeBlocks(dir: string, series: WrittenSeries[]): void {
  const file = join(dir, "past.txt");
  const lines = series.flatMap(({ labels: { __name__: name, ...labels }, times, values }) => {
    const text = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    return Array.from(times, (time, n) => `${name}{${text.join(",")}} ${values[n]} ${time / 1000}`);
  });
  writeFileSync(file, `${lines.join("\n")}\n# EOF\n`);
  const into = [
    "tsdb",
    "create-blocks-from",
    "openmetrics",
    "--quiet",
    "--max-block-duration=720h",
    file,
    join(dir, "data"),
  ];
  execFileSync("/usr/bin/promtool", into, { stdio: ["ignore", "ignore", "inherit"] });
}

/** A Prometheus of Debian's with nothing in it, in a folder of its own; its service is left alone. */
export class DebianPrometheus {
  readonly url: string;
  readonly #dir: string;
  readonly #child: ChildProcess;

  private constructor(dir: string, port: number, child: ChildProcess) {
    this.#dir = dir;
    this.url = `http://127.0.0.1:${port}`;
    this.#child = child;
  }

  /** Starts one that does nothing by itself, or what a configuration says of its own port; `past` is in its store then. */
  static async start(
    configure: (port: number) => string = () => "global: {}\n",
    past: WrittenSeries[] = [],
  ): Promise<DebianPrometheus> {
    const [dir, port] = [mkdtempSync(join(tmpdir(), "sightline-prometheus-")), await freePort()];
    if (past.length > 0) writeBlocks(dir, past);
    const config = join(dir, "prometheus.yml");
    writeFileSync(config, configure(port));
    const args = [
      ...[`--config.file=${config}`, `--storage.tsdb.path=${join(dir, "data")}`],
      ...[`--web.listen-address=127.0.0.1:${port}`, "--web.enable-remote-write-receiver", "--log.level=error"],
      "--storage.tsdb.retention.time=90d",
      "--web.enable-admin-api",
    ];
    const child = spawn(PROGRAM, args, { cwd: dir, stdio: ["ignore", "ignore", "inherit"] });
    const server = new DebianPrometheus(dir, port, child);
    for (let n = 0; n < 100; n++) {
      const answer = await fetch(`${server.url}/-/ready`).catch(() => undefined);
      if (answer?.ok) return server;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    server.remove();
    throw new Error("Prometheus did not start");
  }

  /** Stores samples, all of them at once. */
  write(series: WrittenSeries[]): Promise<void> {
    return remoteWrite(this.url, series);
  }

  /** Asks its HTTP API: `query` or `query_range`, with these parameters. */
  async ask(path: string, parameters: Record<string, string>): Promise<PrometheusAnswer> {
    const answer = await fetch(`${this.url}/api/v1/${path}`, {
      method: "POST",
      body: new URLSearchParams(parameters),
    });
    return (await answer.json()) as PrometheusAnswer;
  }

  /** Writes what it holds into blocks, and answers their folder. */
  async snapshot(): Promise<string> {
    const answer = await fetch(`${this.url}/api/v1/admin/tsdb/snapshot`, { method: "POST" });
    const { data } = (await answer.json()) as { data: { name: string } };
    return join(this.#dir, "data", "snapshots", data.name);
  }

  /** The id of its process. */
  get pid(): number {
    return this.#child.pid as number;
  }

  /** Ends it and removes its folder. */
  remove(): void {
    this.#child.kill("SIGKILL");
    rmSync(this.#dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
