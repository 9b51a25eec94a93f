import type { z } from "zod";
import { auditCall, auditDenial, stateBefore } from "#app/api/_serve/audit.ts";
import { parseBody, parseParams, parseQuery } from "#app/api/_serve/parse.ts";
import { problemResponse } from "#app/api/_serve/problem.ts";
import { findToken } from "#lib/access/api-tokens.ts";
import { isOwnOrigin } from "#lib/access/origin.ts";
import { assertMay } from "#lib/access/permissions.ts";
import type { SessionInfo } from "#lib/access/sessions.ts";
import { authenticate, readCookie, SESSION_COOKIE } from "#lib/access/token.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { tokenMay } from "#lib/contract/permissions.ts";
import { encode } from "#lib/contract/wire.ts";
import { wireSchema } from "#lib/contract/wire-schema.ts";
import { type Database, database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";

/** What a handler is given. `session` is there for every endpoint but a public one. */
export type Call<P, Q, B> = {
  params: P;
  query: Q;
  body: B;
  session: SessionInfo;
  db: Database;
  address: string;
  signal: AbortSignal;
  /** The Range header, for files. */
  range: string | null;
};

type Context = { params: Promise<Record<string, string>> };

/** What changes something must come from our own pages, or from a program, which sends no Origin. */
function assertOwnOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  if (request.method === "GET" || request.method === "HEAD" || origin === null) return;
  if (isOwnOrigin(origin, request.headers.get("host") ?? undefined, readEnvironment().publicUrl)) return;
  throw new DomainError("forbidden", "The request comes from another site");
}

async function permit(
  db: Database,
  request: Request,
  permission: Endpoint["permission"],
): Promise<SessionInfo | undefined> {
  if (permission === "public") return undefined;
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const session = bearer
    ? await findToken(db, bearer)
    : await authenticate(db, readCookie(request.headers.get("cookie") ?? undefined, SESSION_COOKIE));
  if (!session)
    throw new DomainError(
      "unauthenticated",
      bearer
        ? "There is no such API token, or it has expired: make one on the page Account"
        : "There is no valid session: sign in at /login, or send an API token as Authorization: Bearer",
    );
  return session;
}

/** @throws DomainError forbidden */
function assertMayCall({ permission }: Pick<Endpoint, "permission">, session: SessionInfo | undefined): void {
  if (!session) return;
  if (session.scopes && !tokenMay(session.scopes, permission))
    throw new DomainError(
      "forbidden",
      `This API token does not hold ${permission}: make one with that scope, or sign in`,
    );
  assertMay(session.user.role, permission);
}

/** Whether a request claims to come from somebody. */
const hasCredentials = ({ headers }: Request): boolean =>
  headers.has("authorization") || readCookie(headers.get("cookie") ?? undefined, SESSION_COOKIE) !== undefined;

/** What a handler answers; one without a described answer may answer anything, which is not sent. */
type Answer<R extends z.ZodType> = [R] extends [never] ? unknown : z.output<R> | Response;

/** Parse, permit, one domain call, reply: the form of every route handler. */
export function serve<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  handle: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Answer<R>>,
) {
  return async (request: Request, context: Context): Promise<Response> => {
    const address = request.headers.get("x-sightline-peer") ?? "unknown";
    let session: SessionInfo | undefined;
    try {
      assertOwnOrigin(request);
      const db = database();
      // Before anything is parsed: an outsider learns nothing of what a route takes.
      session = await permit(db, request, endpoint.permission);
      assertMayCall(endpoint, session);
      const params = parseParams(endpoint.params, await context.params);
      const query = parseQuery(endpoint.query, new URL(request.url).searchParams);
      const body = await parseBody(endpoint.body, request);
      const range = request.headers.get("range");
      const called = { db, session, params, query, body, address };
      const before = await stateBefore(endpoint, called);
      const given = { ...called, session: session as SessionInfo, signal: request.signal, range };
      const result = await handle(given as Call<z.output<P>, z.output<Q>, z.output<B>>);
      await auditCall(endpoint, called, before, result);
      return reply(endpoint, result);
    } catch (error) {
      await auditDenial(endpoint, error, {
        session,
        address,
        // At a public door whoever is refused has tried a token.
        claims: endpoint.permission === "public" || hasCredentials(request),
      });
      return problemResponse(error);
    }
  };
}

function reply(endpoint: Endpoint, result: unknown): Response {
  if (result instanceof Response) return result;
  if (endpoint.response) return jsonResponse(endpoint, result, endpoint.status ?? 200);
  return new Response(null, { status: endpoint.status ?? 204, headers: NO_STORE });
}

const NO_STORE = { "cache-control": "no-store" };

/** An answer as its endpoint describes it, in the names of the wire. */
export function jsonResponse(endpoint: Endpoint, result: unknown, status: number): Response {
  if (!endpoint.response) throw new Error(`${endpoint.path} describes no answer`);
  const text = JSON.stringify(encode(endpoint.response, result));
  // The tests run with this set: an answer that is not as documented fails them.
  if (process.env.SIGHTLINE_CHECK_RESPONSES) wireSchema(endpoint.response).parse(JSON.parse(text));
  return new Response(text, { status, headers: { ...NO_STORE, "content-type": "application/json" } });
}
