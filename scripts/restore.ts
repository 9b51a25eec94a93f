import { existsSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { readBackup } from "#lib/backup/backup.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { lockHolder } from "#lib/db/embedded/lock.ts";
import { DomainError } from "#lib/errors.ts";
import { formatText } from "#lib/format/value.ts";
import { generateClient } from "./steps/client.ts";
import { withDatabase } from "./steps/database.ts";
import { finish } from "./steps/finish.ts";
import { PRISMA_DIR } from "./steps/paths.ts";
import { readSecret } from "./steps/secret-input.ts";

finish(async () => {
  const [file] = process.argv.slice(2);
  if (!file) throw new DomainError("validation", "npm run restore -- FILE, the passphrase on standard input");
  if (!existsSync(file)) throw new DomainError("not-found", `There is no file ${resolve(file)}`);
  const environment = readEnvironment();
  const holder = lockHolder(environment.dataDir);
  if (holder) throw new DomainError("conflict", `The portal runs (process ${holder}): stop it first`);
  const passphrase = await readSecret("Passphrase");
  await generateClient();
  const progress = (table: string, bytes: number) => console.error(`… ${table}: ${formatText(bytes, "bytes")}`);
  await withDatabase(environment, (url) => readBackup(url, resolve(file), passphrase, progress, PRISMA_DIR), {
    migrated: false,
  });
  // What was noted of the trail before is not of this one.
  const anchors = join(environment.dataDir, "audit-anchors");
  if (existsSync(anchors)) renameSync(anchors, `${anchors}.before-${new Date().toISOString().replaceAll(":", "-")}`);
  console.log(`✔ ${resolve(file)} is restored: start with npm start`);
});
