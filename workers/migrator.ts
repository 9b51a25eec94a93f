import { join } from "node:path";
import { issueSetupToken, needsSetup } from "#lib/access/setup.ts";
import { openDatabase } from "#lib/db/client.ts";
import { migrate } from "#lib/db/migrate.ts";
import { receiveSecrets } from "./secrets.ts";

// Brings the database to the schema of this version, and ends.

/** The migrations that were applied, and a token for setting up while there is no administrator. */
export type Migrated = { applied: string[]; setupToken?: string | undefined };

await receiveSecrets();
const url = process.env.DATABASE_URL ?? "";
const applied = await migrate(url, join(process.env.SIGHTLINE_ROOT ?? "", "prisma"));
const db = openDatabase(url, { maxConnections: 1 });
const setupToken = (await needsSetup(db)) ? await issueSetupToken(db) : undefined;
await db.$disconnect();
process.send?.({ applied, setupToken } satisfies Migrated, () => process.exit(0));
