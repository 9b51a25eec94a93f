import { parseArgs } from "node:util";
import { readEnvironment } from "#lib/config/environment.ts";
import { DomainError } from "#lib/errors.ts";
import { generateClient } from "./steps/build.ts";
import { withDatabase } from "./steps/database.ts";
import { finish } from "./steps/finish.ts";
import { readSecret } from "./steps/secret-input.ts";

const USAGE =
  "npm run admin -- create EMAIL [--name NAME] [--role admin|operator|engineer|analyst|viewer], the password on standard input";

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { name: { type: "string" }, role: { type: "string", default: "admin" } },
  });
  const [action, email] = positionals;
  if (action !== "create" || !email || positionals.length > 2) throw new DomainError("validation", USAGE);
  const environment = readEnvironment();
  const password = await readSecret("Password");
  await generateClient();
  const [{ createUser }, { newUserSchema }, { openDatabase }] = await Promise.all([
    import("#lib/access/users.ts"),
    import("#lib/contract/users.ts"),
    import("#lib/db/client.ts"),
  ]);
  const parsed = newUserSchema.safeParse({ email, password, role: values.role, name: values.name });
  if (!parsed.success)
    throw new DomainError("validation", parsed.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; "));
  const user = await withDatabase(environment, async (url) => {
    const db = openDatabase(url, { maxConnections: 1 });
    try {
      return await createUser(db, parsed.data);
    } finally {
      await db.$disconnect();
    }
  });
  console.log(`✔ ${user.email} is ${user.role}`);
}

finish(main);
