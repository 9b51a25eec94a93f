import { resolve } from "node:path";
import { z } from "zod";
import { DomainError } from "#lib/errors.ts";

const flag = z
  .enum(["true", "false", "1", "0"])
  .transform((value) => value === "true" || value === "1")
  .default(false);

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
  TRUST_PROXY: flag.describe("Believe X-Forwarded-For; only behind a proxy that sets it"),
});

export type Environment = {
  port: number;
  host: string;
  dataDir: string;
  databaseUrl: string | undefined;
  publicUrl: string | undefined;
  /** host:port or paths; the portal's own where PUBLIC_URL has one. */
  certificates: string[];
  trustProxy: boolean;
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
    certificates: [...new Set([...own, ...(CERTIFICATES ?? "").split(",").map((entry) => entry.trim())])].filter(
      Boolean,
    ),
    trustProxy: TRUST_PROXY,
  };
}
