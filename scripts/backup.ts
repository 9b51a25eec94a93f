import { resolve } from "node:path";
import { writeBackup } from "#lib/backup/backup.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { DomainError } from "#lib/errors.ts";
import { formatText } from "#lib/format/value.ts";
import { generateClient } from "./steps/client.ts";
import { withDatabase } from "./steps/database.ts";
import { finish } from "./steps/finish.ts";
import { readSecret } from "./steps/secret-input.ts";

finish(async () => {
  const [file] = process.argv.slice(2);
  if (!file) throw new DomainError("validation", "npm run backup -- FILE, the passphrase on standard input");
  const environment = readEnvironment();
  const passphrase = await readSecret("Passphrase");
  await generateClient();
  await withDatabase(environment, (url) =>
    writeBackup(url, resolve(file), passphrase, (table, bytes) =>
      console.error(`… ${table}: ${formatText(bytes, "bytes")}`),
    ),
  );
  console.log(`✔ ${resolve(file)} holds everything but who is signed in`);
});
