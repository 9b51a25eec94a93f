import { migrate } from "#lib/db/migrate.ts";

// Migrates a database, for a test that kills it in the middle.

const [url = "", prismaDir = ""] = process.argv.slice(2);
await migrate(url, prismaDir);
