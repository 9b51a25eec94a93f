import { parseArgs } from "node:util";
import type { AuditEvent } from "#lib/audit/trail.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { generateClient } from "./steps/client.ts";
import { withDomain } from "./steps/database.ts";
import { finish } from "./steps/finish.ts";
import { readSecret } from "./steps/secret-input.ts";

const USAGE = `npm run admin -- list
npm run admin -- create EMAIL [--name NAME] [--role admin|operator|engineer|analyst|viewer], the password on standard input
npm run admin -- role EMAIL ROLE
npm run admin -- disable EMAIL, enable EMAIL
npm run admin -- reset EMAIL, the new password on standard input
npm run admin -- delete EMAIL [--to EMAIL of whoever gets what it owns]`;

type Input = { email: string; rest: string[]; options: { name?: string; role?: string; to?: string } };
/** What a command did, for the terminal and the audit trail. */
type Done = { says: string; details?: NonNullable<AuditEvent["details"]> };
type Command = { takes: number; run(db: Database, input: Input): Promise<Done> };

const modules = async () => ({
  ...(await import("#lib/access/accounts.ts")),
  ...(await import("#lib/access/account-links.ts")),
  ...(await import("#lib/access/remove-account.ts")),
  ...(await import("#lib/access/users.ts")),
  ...(await import("#lib/contract/roles.ts")),
  ...(await import("#lib/contract/shared.ts")),
  ...(await import("#lib/contract/users.ts")),
});

/** The account of an address. @throws DomainError not-found */
async function find(db: Database, email: string) {
  const { listAccounts } = await modules();
  const account = (await listAccounts(db)).find((row) => row.email === email.trim().toLowerCase());
  if (!account) throw new DomainError("not-found", `There is no account ${email}: npm run admin -- list`);
  return account;
}

async function change(db: Database, email: string, to: { role?: string; disabled?: boolean }): Promise<Done> {
  const [{ changeAccount, roleSchema }, account] = [await modules(), await find(db, email)];
  const role = to.role === undefined ? undefined : roleSchema.safeParse(to.role);
  if (role && !role.success) throw new DomainError("validation", `There is no role ${to.role}`);
  const { state, role: now } = await changeAccount(db, account.id, { role: role?.data, disabled: to.disabled });
  const details = {
    "before.role": account.role,
    "before.state": account.state,
    "after.role": now,
    "after.state": state,
  };
  return { says: `${account.email} is ${now}, ${state}`, details };
}

const COMMANDS: Record<string, Command> = {
  list: {
    takes: 0,
    async run(db) {
      const { listAccounts } = await modules();
      const rows = (await listAccounts(db)).map(
        ({ email, role, state }) => `${email.padEnd(40)} ${role.padEnd(10)} ${state}`,
      );
      return { says: rows.join("\n") || "There are no accounts" };
    },
  },
  create: {
    takes: 1,
    async run(db, { email, options }) {
      const { createUser, newUserSchema } = await modules();
      const password = await readSecret("Password");
      const parsed = newUserSchema.safeParse({ email, password, role: options.role ?? "admin", name: options.name });
      if (!parsed.success)
        throw new DomainError(
          "validation",
          parsed.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; "),
        );
      const user = await createUser(db, parsed.data);
      return { says: `${user.email} is ${user.role}`, details: { "after.email": user.email, "after.role": user.role } };
    },
  },
  role: { takes: 2, run: (db, { email, rest }) => change(db, email, { role: rest[0] ?? "" }) },
  disable: { takes: 1, run: (db, { email }) => change(db, email, { disabled: true }) },
  enable: { takes: 1, run: (db, { email }) => change(db, email, { disabled: false }) },
  reset: {
    takes: 1,
    async run(db, { email }) {
      const [{ setPassword }, account] = [await modules(), await find(db, email)];
      await setPassword(db, account.id, await readSecret("New password"));
      return { says: `${account.email} has the new password, and is signed out everywhere` };
    },
  },
  delete: {
    takes: 1,
    async run(db, { email, options }) {
      const [{ removeAccount }, account] = [await modules(), await find(db, email)];
      const heir = options.to === undefined ? undefined : await find(db, options.to);
      const owned = await removeAccount(db, account.id, heir?.id);
      const list = Object.entries(owned)
        .map(([what, count]) => `${count} × ${what}`)
        .join(", ");
      const says = `${account.email} is deleted${list ? `; ${heir?.email} got ${list}` : ""}`;
      return { says, details: { "before.email": account.email, "before.role": account.role, ...owned } };
    },
  },
};

/** Does it, and writes it into the audit trail: nobody is signed in, so that the event has no user. */
async function perform(db: Database, name: string, input: Input): Promise<string> {
  const command = COMMANDS[name] as Command;
  const { says, details = {} } = await command.run(db, input);
  if (name !== "list") {
    const { recordAuditEvent } = await import("#lib/audit/trail.ts");
    const event = { userId: null, email: "", action: `accounts.${name}`, subject: input.email };
    await recordAuditEvent(db, { ...event, details: { ...details, by: "npm run admin" }, now: Date.now() });
  }
  return says;
}

finish(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { name: { type: "string" }, role: { type: "string" }, to: { type: "string" } },
  });
  const [name = "", email = "", ...rest] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command || positionals.length !== command.takes + 1) throw new DomainError("validation", USAGE);
  await generateClient();
  const says = await withDomain(readEnvironment(), (db) => perform(db, name, { email, rest, options: values }));
  console.log(name === "list" ? says : `✔ ${says}`);
});
