import { cookieSecret } from "#lib/config/cookie-secret.ts";
import type { Environment } from "#lib/config/environment.ts";
import type { Database } from "#lib/db/client.ts";
import { runningClusterUrl, startCluster } from "#lib/db/embedded/cluster.ts";
import { lockDataDir } from "#lib/db/embedded/lock.ts";
import { PRISMA_DIR } from "./paths.ts";

/**
 * Runs `work` with the portal's database, whether the portal runs or not: an embedded one is started for it if need be, and migrated
 * unless `work` does that itself.
 */
export async function withDatabase<T>(
  environment: Environment,
  work: (url: string) => Promise<T>,
  { migrated = true } = {},
): Promise<T> {
  const running = environment.databaseUrl ?? (await runningClusterUrl(environment.dataDir));
  if (running) return work(running);
  const unlock = lockDataDir(environment.dataDir);
  const cluster = await startCluster(environment.dataDir);
  try {
    if (migrated) {
      const { migrate } = await import("#lib/db/migrate.ts");
      await migrate(cluster.url, PRISMA_DIR);
    }
    return await work(cluster.url);
  } finally {
    await cluster.stop();
    unlock();
  }
}

/** Runs `work` as the portal would: with its client of the database, and its secret. */
export async function withDomain<T>(environment: Environment, work: (db: Database) => Promise<T>): Promise<T> {
  process.env.NEXTAUTH_SECRET ??= cookieSecret(environment.dataDir);
  process.env.DATA_DIR = environment.dataDir;
  const { openDatabase } = await import("#lib/db/client.ts");
  return withDatabase(environment, async (url) => {
    const db = openDatabase(url, { maxConnections: 2 });
    try {
      return await work(db);
    } finally {
      await db.$disconnect();
    }
  });
}
