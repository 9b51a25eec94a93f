import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cluster, startCluster } from "#lib/db/embedded/cluster.ts";
import { migrate } from "#lib/db/migrate.ts";
import { PRISMA_DIR } from "../steps/paths.ts";

/** Runs a measurement on a migrated server of its own, which is gone afterwards. */
export async function onCluster<T>(measure: (cluster: Cluster, dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "sightline-bench-"));
  const cluster = await startCluster(dir);
  try {
    await migrate(cluster.url, PRISMA_DIR);
    return await measure(cluster, dir);
  } finally {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
