import pg from "pg";
import { migrate } from "#lib/db/migrate.ts";

export const TEMPLATE = "sightline_template";

/** A database with all migrations, which test databases are copied from. */
export async function makeTemplate(clusterUrl: string, prismaDir: string): Promise<void> {
  const client = new pg.Client({ connectionString: clusterUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  const url = new URL(clusterUrl);
  url.pathname = `/${TEMPLATE}`;
  await migrate(url.toString(), prismaDir);
}
