import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "../../scripts/steps/debian.ts";
import { DebianServer, newSite } from "./debian-server.ts";
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

/** A Prometheus of Debian's with nothing in it. */
export class DebianPrometheus extends DebianServer {
  /** Starts one that does nothing by itself, or what a configuration says of its own port; `past` is in its store then. */
  static async start(
    configure: (port: number) => string = () => "global: {}\n",
    past: WrittenSeries[] = [],
  ): Promise<DebianPrometheus> {
    const site = await newSite("prometheus");
    if (past.length > 0) writeBlocks(site.dir, past);
    const config = join(site.dir, "prometheus.yml");
    writeFileSync(config, configure(site.port));
    const args = [
      ...[`--config.file=${config}`, `--storage.tsdb.path=${join(site.dir, "data")}`],
      ...[`--web.listen-address=127.0.0.1:${site.port}`, "--web.enable-remote-write-receiver", "--log.level=error"],
      "--storage.tsdb.retention.time=90d",
      "--web.enable-admin-api",
    ];
    return new DebianPrometheus(site, PROGRAM, args).waitFor("/-/ready");
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
    return join(this.dir, "data", "snapshots", data.name);
  }
}
