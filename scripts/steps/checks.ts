import { mkdirSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { DomainError } from "#lib/errors.ts";
import { reasonOf } from "#lib/log.ts";

const LEAST_FREE_BYTES = 1024 ** 3 / 2;

/** @throws DomainError when something listens there already, or the address is not ours */
export function assertPortFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why: Record<string, string> = {
        EADDRINUSE: `Port ${port} on ${host} is taken: stop what listens there, or start with PORT=${port + 1} npm start`,
        EACCES: `Port ${port} needs more rights than this account has: start with a PORT above 1023`,
        EADDRNOTAVAIL: `HOST=${host} is no address of this machine`,
        ENOTFOUND: `HOST=${host} cannot be resolved`,
      };
      reject(
        new DomainError("conflict", why[error.code ?? ""] ?? `Cannot listen on ${host}:${port}: ${error.message}`),
      );
    });
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

/** @throws DomainError when the folder cannot be written or its disk is nearly full */
export function assertDisk(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    throw new DomainError(
      "unavailable",
      `The data folder ${dir} cannot be made (${(error as NodeJS.ErrnoException).code}): set DATA_DIR to one that this account can write`,
    );
  }
  const least = Number(process.env.SIGHTLINE_LEAST_FREE_BYTES ?? LEAST_FREE_BYTES);
  const { bavail, bsize } = statfsSync(dir);
  if (bavail * bsize >= least) return;
  const mega = (bytes: number) => `${Math.floor(bytes / 1024 ** 2)} MB`;
  throw new DomainError(
    "unavailable",
    `Only ${mega(bavail * bsize)} are free on the disk of ${dir}, ${mega(least)} are needed: free some, or set DATA_DIR to another disk`,
  );
}

/** One word for why a database cannot be reached, with what to do. */
export async function assertReachable(url: string): Promise<void> {
  const { default: pg } = await import("pg");
  const shown = new URL(url);
  const address = `${shown.hostname}:${shown.port || 5432}${shown.pathname}`;
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version_num') AS version");
    const major = Math.floor(Number(rows[0]?.version) / 10_000);
    if (major < 15)
      throw new DomainError("unavailable", `DATABASE_URL leads to PostgreSQL ${major}: 15 or later is needed`);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError("unavailable", `DATABASE_URL cannot be reached (${address}): ${reasonOf(error)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}
