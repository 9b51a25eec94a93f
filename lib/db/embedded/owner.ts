import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { endsWithParent, SETPRIV } from "#lib/config/ends-with-parent.ts";
import { DomainError } from "#lib/errors.ts";

/** The account that owns the server's files: PostgreSQL refuses to run as root. */
export type Owner = { uid: number; gid: number };

async function lookUp(name: string): Promise<Owner | undefined> {
  const passwd = await readFile("/etc/passwd", "utf8");
  const row = passwd.split("\n").find((line) => line.startsWith(`${name}:`));
  const [, , uid, gid] = row?.split(":") ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/** Undefined where the process is not root and simply owns what it makes. */
export async function databaseOwner(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const found = await lookUp("postgres");
  if (found) return found;
  try {
    execFileSync("useradd", [
      "--system",
      "--user-group",
      "--no-create-home",
      "--shell",
      "/usr/sbin/nologin",
      "postgres",
    ]);
  } catch (error) {
    throw new DomainError(
      "unavailable",
      `PostgreSQL cannot run as root and no account "postgres" could be made (${(error as Error).message.split("\n")[0]}): start as another user or set DATABASE_URL`,
    );
  }
  const made = await lookUp("postgres");
  if (!made) throw new DomainError("unavailable", 'The account "postgres" was made but cannot be found in /etc/passwd');
  return made;
}

/** Can another account reach this folder, that is: may others enter every folder above it? */
function reachable(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/**
 * access(2), by which initdb looks for its server, disregards the capabilities of an account that is not root unless
 * no_setuid_fixup is set; of root's own nothing but the one named here is left after the exec.
 */
const CLOSED_FOLDER = [
  "--securebits=+no_setuid_fixup",
  "--inh-caps=+dac_read_search",
  "--ambient-caps=+dac_read_search",
];

/**
 * The command that runs a program as the owner, and shuts it down fast (SIGINT) when this process has ended. Below a folder closed to others (a clone in /root) the owner gets
 * the one capability that lets it walk through, since the folders' modes are not ours to change.
 */
export function asOwner(
  owner: Owner | undefined,
  paths: string[],
  command: string,
  args: string[],
): [string, string[]] {
  if (!owner) return endsWithParent("INT", command, args);
  const closed = paths.find((path) => !reachable(path));
  if (!SETPRIV) {
    throw new DomainError(
      "unavailable",
      "setpriv (package util-linux) is missing: install it, start as another user, or set DATABASE_URL",
    );
  }
  const capability = closed ? CLOSED_FOLDER : [];
  const account = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, "--clear-groups", ...capability];
  return endsWithParent("INT", command, args, account);
}
