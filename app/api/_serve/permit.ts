import { findToken } from "#lib/access/api-tokens.ts";
import { isOwnOrigin } from "#lib/access/origin.ts";
import { assertMay } from "#lib/access/permissions.ts";
import { type LimitedKind, requestLimits } from "#lib/access/request-limits.ts";
import type { SessionInfo } from "#lib/access/sessions.ts";
import { authenticate, readCookie, SESSION_COOKIE } from "#lib/access/token.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { tokenMay } from "#lib/contract/permissions.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { findPublishableKey, PUBLISHABLE_PREFIX, type PublishableKey } from "#lib/experiments/publishable-keys.ts";
import { AGENT_PREFIX, type AgentCaller, findAgent } from "#lib/hosts/agents/credentials.ts";
import { findInput, INPUT_PREFIX, type InputCaller } from "#lib/inputs/credentials.ts";

/**
 * Who calls: somebody who is signed in or has a token, a page of another site with a publishable key, the agent of a host, an input, or, at a
 * public door, anyone.
 */
export type Caller = {
  session?: SessionInfo | undefined;
  key?: PublishableKey | undefined;
  agent?: AgentCaller | undefined;
  input?: InputCaller | undefined;
};

/** The address that a request comes from, by the header that the server sets. */
export const peerOf = ({ headers }: Request): string => headers.get("x-sightline-peer") ?? "unknown";

const bearerOf = ({ headers }: Request): string | undefined =>
  /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1];

/** The password of Basic authentication: how programs that know Prometheus' API send a token. */
function passwordOf({ headers }: Request): string | undefined {
  const encoded = /^Basic (.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  return encoded && /^[^:]*:(.+)$/s.exec(Buffer.from(encoded, "base64").toString())?.[1];
}

/** Whether a request comes with a publishable key, and hence with no cookie that counts. */
export const hasPublishableKey = (request: Request): boolean =>
  bearerOf(request)?.startsWith(PUBLISHABLE_PREFIX) === true;

/** Whether a request claims to come from somebody. */
export const hasCredentials = ({ headers }: Request): boolean =>
  headers.has("authorization") || readCookie(headers.get("cookie") ?? undefined, SESSION_COOKIE) !== undefined;

/**
 * What changes something must come from our own pages, or from a program, which sends no Origin; a publishable key names the origins that it
 * may come from itself. @throws DomainError forbidden
 */
export function assertOwnOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  if (request.method === "GET" || request.method === "HEAD" || origin === null || hasPublishableKey(request)) return;
  if (isOwnOrigin(origin, request.headers.get("host") ?? undefined, readEnvironment().publicUrl)) return;
  throw new DomainError("forbidden", "The request comes from another site");
}

const REMEDIES = {
  key: "There is no such publishable key: see the page Experiments > Publishable keys",
  agent: "This agent is unknown or was revoked: enrol it again by a token of the page Hosts > Add host",
  input: "There is no input with this token: see the page Inputs, and make a new one there",
  token: "There is no such API token, or it has expired: make one on the page Account",
  session: "There is no valid session: sign in at /login, or send an API token as Authorization: Bearer",
};

/** Finds out who calls an endpoint that is not public. @throws DomainError unauthenticated, forbidden */
export async function identify(
  db: Database,
  request: Request,
  { permission, protocol, input: ofInputs }: Pick<Endpoint, "permission" | "protocol" | "input">,
): Promise<Caller> {
  if (permission === "public") return {};
  const mayBePassword = protocol === "prometheus" || ofInputs !== undefined;
  const bearer = bearerOf(request) ?? (mayBePassword ? passwordOf(request) : undefined);
  if (bearer?.startsWith(PUBLISHABLE_PREFIX)) {
    const key = await findPublishableKey(db, bearer, request.headers.get("origin"));
    if (key) return { key };
    throw new DomainError("unauthenticated", REMEDIES.key);
  }
  if (bearer?.startsWith(AGENT_PREFIX)) {
    const agent = await findAgent(db, bearer);
    if (agent) return { agent };
    // Agents are not counted by their address, behind which there may be a thousand: whoever guesses is.
    requestLimits().take("address", peerOf(request));
    throw new DomainError("unauthenticated", REMEDIES.agent);
  }
  if (bearer?.startsWith(INPUT_PREFIX)) {
    const input = await findInput(db, bearer);
    if (input) return { input };
    requestLimits().take("address", peerOf(request));
    throw new DomainError("unauthenticated", REMEDIES.input);
  }
  const session = bearer
    ? await findToken(db, bearer)
    : await authenticate(db, readCookie(request.headers.get("cookie") ?? undefined, SESSION_COOKIE));
  if (session) return { session };
  throw new DomainError("unauthenticated", bearer ? REMEDIES.token : REMEDIES.session);
}

/** @throws DomainError forbidden */
export function assertMayCall(endpoint: Endpoint, caller: Caller): void {
  const { permission, browser, agent: ofAgents, input: ofInputs } = endpoint;
  const { session, key, agent, input } = caller;
  if (input && input.kind !== ofInputs)
    throw new DomainError("forbidden", `The token of the input ${input.name} can only send by ${input.kind}`);
  if (agent && !ofAgents)
    throw new DomainError("forbidden", "An agent can only send the frames of its own host and change its credential");
  if (key && !browser)
    throw new DomainError("forbidden", "A publishable key can only assign subjects and send exposures and events");
  if (!session) return;
  if (session.scopes && !tokenMay(session.scopes, permission))
    throw new DomainError(
      "forbidden",
      `This API token does not hold ${permission}: make one with that scope, or sign in`,
    );
  assertMay(session.user.role, permission);
}

/** Counts a call against the limit of its account, token or key. @throws DomainError rate-limited */
export function countCall({ permission }: Endpoint, { session, key, agent }: Caller): void {
  if (agent) requestLimits().take("ingest", `agent ${agent.hostId}`);
  if (key) requestLimits().take("ingest", `key ${key.id}`);
  if (!session) return;
  const kind: LimitedKind = session.scopes ? "token" : "account";
  const id = session.scopes ? session.id : session.user.id;
  requestLimits().take(permission === "experiments:ingest" ? "ingest" : kind, id);
}
