import { existsSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "../../scripts/steps/debian.ts";
import { DebianServer, newSite } from "./debian-server.ts";

const PROGRAM = "/usr/bin/victoria-metrics";

/** Why Debian's VictoriaMetrics cannot be started here; undefined where it can, after installing it where that is allowed. */
export async function missingDebianVictoriaMetrics(): Promise<string | undefined> {
  if (existsSync(PROGRAM) || (await installPackages("VictoriaMetrics", ["victoria-metrics"]).catch(() => false)))
    return undefined;
  return "Debian's VictoriaMetrics cannot be installed here: apt-get install victoria-metrics";
}

/** A VictoriaMetrics of Debian's with nothing in it; it speaks Prometheus' API. */
export class DebianVictoriaMetrics extends DebianServer {
  static async start(): Promise<DebianVictoriaMetrics> {
    const site = await newSite("victoria");
    const args = [
      ...[`-storageDataPath=${join(site.dir, "data")}`, `-httpListenAddr=127.0.0.1:${site.port}`],
      // Samples of any age are kept, and the newest are there at once, as in the others.
      ...["-retentionPeriod=100y", "-search.latencyOffset=0s", "-loggerLevel=ERROR"],
    ];
    return new DebianVictoriaMetrics(site, PROGRAM, args).waitFor("/health");
  }

  /** Where it keeps its samples. */
  get storage(): string {
    return join(this.dir, "data");
  }

  /** Has it write and merge all that it holds. */
  async flush(): Promise<void> {
    await fetch(`${this.url}/internal/force_flush`);
    await fetch(`${this.url}/internal/force_merge`);
  }
}
