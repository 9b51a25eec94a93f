const MAX_REASON = 500;

/** What to do about what the system says, by its code. */
const REMEDIES: Record<string, string> = {
  ECONNREFUSED: "nobody listens at this address and port: start the service, or correct the address",
  ECONNRESET: "the other side closed the connection: look there for the reason",
  EPIPE: "the other side closed the connection: look there for the reason",
  EHOSTUNREACH: "no way leads to this address: check the network and the firewall",
  ENETUNREACH: "no way leads to this network: check the network and the firewall",
  ETIMEDOUT: "nobody answers: is it switched off, or does a firewall drop the connection?",
  ENOTFOUND: "there is no such host name: correct it, or the name server's entry",
  EAI_AGAIN: "the name server does not answer: check the network and /etc/resolv.conf",
  EADDRINUSE: "another program listens at this address: stop it, or choose another port",
  ENOSPC: "the disk is full: free some space",
  EDQUOT: "the disk quota is used up: free some space",
  EROFS: "the disk is read-only: mount it for writing, or choose another folder",
  ENOENT: "there is no such file or folder: check the path",
  EACCES: "the permission is missing: check the owner and the mode",
  EMFILE: "the process has too many files open: raise its limit (ulimit -n)",
};

/**
 * What went wrong, in one line: the last of Prisma's many, which is the server's own; the system's own words with a remedy. An error without words, as when no address of a name
 * answers, is told by its code; and whatever else can be thrown is told too. PostgreSQL stores it: no U+0000, no half of a character, and at
 * most 500 characters, since a failure that cannot be written down would never end.
 */
export function reasonOf(error: unknown): string {
  const { message = String(error), code = "", name = "" } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const line = String(message).trim().split("\n").at(-1)?.trim() || code || name;
  const remedy = Object.hasOwn(REMEDIES, code) ? `: ${REMEDIES[code]}` : "";
  return `${line.replaceAll("\u0000", "").slice(0, MAX_REASON - remedy.length)}${remedy}`.toWellFormed();
}
