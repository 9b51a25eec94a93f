import { isIP } from "node:net";
import { resolve } from "node:path";
import * as z from "zod";
import { listOf } from "#lib/config/outgoing-allow.ts";
import { DomainError } from "#lib/errors.ts";

/** Whether an entry is an address, or a subnet such as 10.0.0.0/8. */
function isSubnet(entry: string): boolean {
  const [address = "", prefix] = entry.split("/");
  const most = isIP(address) === 6 ? 128 : 32;
  return isIP(address) !== 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= most));
}

const schema = z.object({
  PORT: z.coerce.number().int().min(1).max(65535).default(3000).describe("Port of the portal"),
  HOST: z.string().min(1).default("127.0.0.1").describe("Address to bind; loopback unless told otherwise"),
  DATA_DIR: z.string().min(1).default(".data").describe("Folder of the database, spool, exports and secrets"),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "must be a postgresql:// URL" })
    .optional()
    .describe("A PostgreSQL 15 or later to use in place of the embedded one"),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" })
    .optional()
    .describe("The address that readers use, where a proxy stands in front"),
  CERTIFICATES: z
    .string()
    .optional()
    .describe("Certificates to watch, with commas between: host:port, or the path of a PEM file"),
  CONTAINER_SOCKET: z
    .string()
    .startsWith("/", { error: "must be the path of a socket, such as /var/run/docker.sock" })
    .optional()
    .describe("Socket of Docker or Podman, for the names of containers"),
  OUTGOING_ALLOW: z
    .string()
    .optional()
    .refine((text) => listOf(text).every((entry) => /^[\w.:-]+(\/\d{1,3})?$/.test(entry)), {
      error: "must name hosts, addresses or subnets such as 10.0.0.0/8, with commas between",
    })
    .describe("Private hosts and subnets that experiments may send their verdicts to"),
  TRUST_PROXY: z
    .string()
    .default("false")
    .refine((text) => /^(true|false|1|0)$/.test(text) || listOf(text).every(isSubnet), {
      error: "must be true, false, or name addresses and subnets of proxies such as 10.0.0.0/8, with commas between",
    })
    .describe(
      "Proxies whose X-Forwarded-For and its kin are believed; true: the one before the portal, in a private network",
    ),
});

export type Environment = {
  port: number;
  host: string;
  dataDir: string;
  databaseUrl: string | undefined;
  publicUrl: string | undefined;
  /** host:port or paths; the portal's own where PUBLIC_URL has one. */
  certificates: string[];
  /** Addresses and subnets; `private` for all private networks. */
  trustedProxies: string[];
};

/**
 * Reads and checks the process's environment once.
 * @throws DomainError of type validation that names each wrong variable
 */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(present);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => ({ field: issue.path.join("."), message: issue.message }));
    throw new DomainError("validation", fields.map((f) => `${f.field}: ${f.message}`).join("; "), { fields });
  }
  const { PORT, HOST, DATA_DIR, DATABASE_URL, PUBLIC_URL, CERTIFICATES, TRUST_PROXY } = parsed.data;
  const own = PUBLIC_URL?.startsWith("https:") ? [new URL(PUBLIC_URL).host] : [];
  return {
    port: PORT,
    host: HOST,
    dataDir: resolve(DATA_DIR),
    databaseUrl: DATABASE_URL,
    publicUrl: PUBLIC_URL?.replace(/\/$/, ""),
    certificates: [...new Set([...own, ...listOf(CERTIFICATES)])],
    trustedProxies: /^(false|0)$/.test(TRUST_PROXY)
      ? []
      : /^(true|1)$/.test(TRUST_PROXY)
        ? ["private"]
        : listOf(TRUST_PROXY),
  };
}
