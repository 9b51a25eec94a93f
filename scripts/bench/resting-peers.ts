import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "#lib/db/embedded/port.ts";
import { installPackages } from "../steps/debian.ts";

/** Programs that watch this machine as Debian ships them, by the name of each. */
export type RestingPeers = { processes: Record<string, ChildProcess[]>; stop(): void };

const PACKAGES = ["netdata", "prometheus", "prometheus-node-exporter", "victoria-metrics"];

/** Starts a program; one whose port another of this machine has ends, which its costs then say. */
const start = (program: string, ...args: string[]): ChildProcess => spawn(program, args, { stdio: "ignore" });

/** What Prometheus and what speaks its language scrape: one exporter, as often as Sightline collects. */
function scrapeFile(dir: string, name: string, port: number, intervalS: number): string {
  const path = join(dir, `${name}.yml`);
  const job = `  - job_name: node\n    static_configs: [{ targets: ["127.0.0.1:${port}"] }]\n`;
  writeFileSync(path, `global: { scrape_interval: ${intervalS}s }\nscrape_configs:\n${job}`);
  return path;
}

async function withExporter(run: (port: number) => Promise<ChildProcess>): Promise<ChildProcess[]> {
  const port = await freePort();
  return [start("prometheus-node-exporter", `--web.listen-address=127.0.0.1:${port}`), await run(port)];
}

/** Starts netdata, and Prometheus and VictoriaMetrics with a node_exporter each, with their data in a folder. Installs them where that is allowed. */
export async function startRestingPeers(dir: string, intervalS: number): Promise<RestingPeers> {
  await installPackages("netdata, Prometheus and VictoriaMetrics", PACKAGES);
  const [prometheusPort, victoriaPort] = [await freePort(), await freePort()];
  const processes = {
    netdata: [start("netdata", "-D")],
    "Prometheus + node_exporter": await withExporter(async (port) =>
      start(
        "prometheus",
        `--config.file=${scrapeFile(dir, "prometheus", port, intervalS)}`,
        `--storage.tsdb.path=${join(dir, "prometheus")}`,
        `--web.listen-address=127.0.0.1:${prometheusPort}`,
      ),
    ),
    "VictoriaMetrics + node_exporter": await withExporter(async (port) =>
      start(
        "victoria-metrics",
        `-promscrape.config=${scrapeFile(dir, "victoria", port, intervalS)}`,
        `-storageDataPath=${join(dir, "victoria")}`,
        `-httpListenAddr=127.0.0.1:${victoriaPort}`,
      ),
    ),
  };
  return {
    processes,
    stop() {
      for (const child of Object.values(processes).flat()) child.kill();
    },
  };
}
