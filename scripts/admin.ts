import { parseArgs } from "node:util";
import { readEnvironment } from "#lib/config/environment.ts";
import { DomainError } from "#lib/errors.ts";
import { generateClient } from "./steps/build.ts";
import { withDatabase } from "./steps/database.ts";
import { finish } from "./steps/finish.ts";
import { cookieSecret } from "./steps/secret.ts";
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
  process.env.NEXTAUTH_SECRET ??= cookieSecret(environment.dataDir);
  process.env.DATA_DIR = environment.dataDir;
  const [{ createUser }, { recordAuditEvent }, { newUserSchema }, { openDatabase }] = await Promise.all([
    import("#lib/access/users.ts"),
    import("#lib/audit/trail.ts"),
    import("#lib/contract/users.ts"),
    import("#lib/db/client.ts"),
  ]);
  const parsed = newUserSchema.safeParse({ email, password, role: values.role, name: values.name });
  if (!parsed.success)
    throw new DomainError("validation", parsed.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; "));
  const user = await withDatabase(environment, async (url) => {
    const db = openDatabase(url, { maxConnections: 1 });
    try {
      const made = await createUser(db, parsed.data);
      const details = { "after.email": made.email, "after.role": made.role, by: "npm run admin" };
      await recordAuditEvent(db, {
        userId: null,
        email: "",
        action: "accounts.create",
        subject: made.email,
        details,
        now: Date.now(),
      });
      return made;
    } finally {
      await db.$disconnect();
    }
  });
  console.log(`✔ ${user.email} is ${user.role}`);
}

finish(main);
