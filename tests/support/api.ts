import { join } from "node:path";
import { encode } from "next-auth/jwt";
import { hashPassword } from "#lib/access/password.ts";
import { openSession } from "#lib/access/sessions.ts";
import { SESSION_COOKIE, sessionSecret } from "#lib/access/token.ts";
import { type Endpoint, rootOf } from "#lib/contract/endpoint.ts";
import { ROLES, type Role } from "#lib/contract/roles.ts";
import type { Database } from "#lib/db/client.ts";

export const APP = join(import.meta.dirname, "..", "..", "app");
const UUID = "0192b7a0-0000-7000-8000-000000000000";
export const ORIGIN = "http://127.0.0.1:3000";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
type Options = {
  id?: string | undefined;
  role?: Role | undefined;
  body?: unknown;
  bytes?: Buffer;
  headers?: Record<string, string>;
};

const cookies = new Map<Role, string>();

/** An account of each role, signed in, in a database that the route handlers then use. */
export async function signInRoles(db: Database, url: string): Promise<void> {
  process.env.DATABASE_URL = url;
  const passwordHash = await hashPassword("velvet otter piano 42 quarry");
  for (const role of ROLES) {
    const user = await db.user.create({ data: { email: `${role}@example.org`, name: role, role, passwordHash } });
    const sid = await openSession(db, user.id, { userAgent: "test", address: "192.0.2.1" });
    cookies.set(role, `${SESSION_COOKIE}=${await encode({ token: { sub: user.id, sid }, secret: sessionSecret() })}`);
  }
}

/** Calls the handler of a route as the server would. */
export async function callRoute(
  endpoint: Pick<Endpoint, "method" | "path" | "protocol" | "root">,
  search = "",
  options: Options = {},
): Promise<Response> {
  const id = options.id ?? UUID;
  const root = rootOf(endpoint);
  const folder = endpoint.path.replace(/\{(\w+)\}/g, "[$1]");
  const module = (await import(join(APP, root, folder, "route.ts"))) as Record<string, Handler>;
  const handler = module[endpoint.method.toUpperCase()] as Handler;
  const request = new Request(`${ORIGIN}${root}${endpoint.path.replace(/\{\w+\}/g, id)}${search}`, {
    method: endpoint.method.toUpperCase(),
    headers: {
      host: "127.0.0.1:3000",
      "x-sightline-peer": "192.0.2.1",
      ...(options.role ? { cookie: cookies.get(options.role) ?? "" } : {}),
      ...options.headers,
    },
    ...(options.body === undefined
      ? options.bytes
        ? { body: new Uint8Array(options.bytes) }
        : {}
      : { body: typeof options.body === "string" ? options.body : JSON.stringify(options.body) }),
  });
  const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  return handler(request, { params: Promise.resolve(Object.fromEntries(names.map((name) => [name, id]))) });
}

/** Reads a route as a role. */
export const getRoute = (path: string, search = "", role: Role = "viewer") =>
  callRoute({ method: "get", path }, search, { role });
