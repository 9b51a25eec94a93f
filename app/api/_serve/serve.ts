import type { z } from "zod";
import { type Reader, readerOf } from "#app/_access/reader.ts";
import { auditCall, auditDenial, stateBefore } from "#app/api/_serve/audit.ts";
import { shareWithPage } from "#app/api/_serve/cors.ts";
import { otlpError } from "#app/api/_serve/otlp.ts";
import { parseBody, parseParams, parseQuery } from "#app/api/_serve/parse.ts";
import {
  assertMayCall,
  assertOwnOrigin,
  type Caller,
  countCall,
  hasCredentials,
  identify,
  peerOf,
} from "#app/api/_serve/permit.ts";
import { problemResponse } from "#app/api/_serve/problem.ts";
import { formParameters, plainError, prometheusError } from "#app/api/_serve/prometheus.ts";
import { type RawBody, readRaw } from "#app/api/_serve/raw-body.ts";
import { timed } from "#app/api/_serve/timed.ts";
import type { SessionInfo } from "#lib/access/sessions.ts";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { encode } from "#lib/contract/wire.ts";
import { wireSchema } from "#lib/contract/wire-schema.ts";
import { type Database, database } from "#lib/db/client.ts";
import { held } from "#lib/db/held.ts";
import { offerHandler } from "#lib/direct/handlers.ts";
import { wholeResponse, withBody } from "#lib/direct/whole-response.ts";
import { isDomainError, type ProblemType } from "#lib/errors.ts";
import type { PublishableKey } from "#lib/experiments/publishable-keys.ts";
import type { AgentCaller } from "#lib/hosts/agents/credentials.ts";
import { noteRefusal } from "#lib/hosts/agents/note-report.ts";
import type { InputCaller } from "#lib/inputs/credentials.ts";
import { inputCounters } from "#lib/inputs/store-incoming.ts";
import { heldSeries } from "#lib/tsdb/query.ts";

/** What a handler is given. `session` is there for every endpoint but those of agents and inputs, a public one, and one that was called with a publishable key. */
export type Call<P, Q, B> = {
  params: P;
  query: Q;
  body: B;
  session: SessionInfo;
  /** The publishable key of a page of another site, where the endpoint takes one. */
  key: PublishableKey | undefined;
  /** There for an endpoint of agents. */
  agent: AgentCaller;
  /** There for an endpoint of inputs. */
  input: InputCaller;
  /** The body as it came, where the endpoint takes it so. */
  raw: RawBody;
  db: Database;
  address: string;
  signal: AbortSignal;
  /** As it came, its body read: for another protocol. */
  request: Request;
  /** The Range header, for files. */
  range: string | null;
  /** The Accept header, where an answer has several forms. */
  accept: string | null;
  reader: Reader;
};

type Context = { params: Promise<Record<string, string>> };

/** What a handler answers; one without a described answer may answer anything, which is not sent. */
type Answer<R extends z.ZodType> = [R] extends [never] ? unknown : z.output<R> | Response;

/** Parse, permit, one domain call, reply: the form of every route handler. */
export function serve<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  handle: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Answer<R>>,
) {
  const handler = timed(endpoint, async (request: Request, context: Context): Promise<Response> => {
    const address = peerOf(request);
    let caller: Caller = {};
    try {
      assertOwnOrigin(request);
      const db = database();
      // Before anything is parsed: an outsider learns nothing of what a route takes.
      caller = await identify(db, request, endpoint);
      assertMayCall(endpoint, caller);
      countCall(endpoint, caller);
      const { session, key, agent, input } = caller;
      const params = parseParams(endpoint.params, await context.params);
      const isForm = endpoint.protocol === "prometheus" && !endpoint.raw;
      const search = isForm ? await formParameters(request) : new URL(request.url).searchParams;
      const query = parseQuery(endpoint.query, search);
      const { body, refusals } = await parseBody(endpoint, request);
      const range = request.headers.get("range");
      const called = { db, session, params, query, body, address };
      const before = await stateBefore(endpoint, called);
      const given = {
        ...called,
        session: session as SessionInfo,
        key,
        agent: agent as AgentCaller,
        input: input as InputCaller,
        raw: (endpoint.raw ? await readRaw(request) : undefined) as RawBody,
        signal: request.signal,
        request,
        range,
        accept: request.headers.get("accept"),
        reader: readerOf(request.headers),
      };
      const result = await handle(given as Call<z.output<P>, z.output<Q>, z.output<B>>).catch((error: unknown) => {
        throw refusals && isDomainError(error) && error.type === "validation" ? refusals.toError(error.fields) : error;
      });
      if (endpoint.method !== "get" && endpoint.audit !== "none") dropHeld();
      await auditCall(endpoint, called, before, result);
      if (refusals) throw refusals.toError();
      return shareWithPage(endpoint, request, reply(endpoint, result));
    } catch (error) {
      await noteCallerRefusal(caller, error);
      await auditDenial(endpoint, error, {
        session: caller.session,
        address,
        // At a public door whoever is refused has tried a token.
        claims: endpoint.permission === "public" || hasCredentials(request),
      });
      return shareWithPage(endpoint, request, errorAnswer(endpoint, request, error));
    }
  });
  offerHandler(endpoint, handler);
  return async (request: Request, context: Context): Promise<Response> => withBody(await handler(request, context));
}

/** Whoever changes something by this process sees it from the next request on. */
function dropHeld(): void {
  held().changedHere();
  heldSeries().clear();
}

const REFUSALS: ProblemType[] = ["validation", "too-large", "unsupported-media-type", "rate-limited"];

/** What of an agent or an input is refused whole is counted on its page; where that cannot be written down, the answer still says why. */
async function noteCallerRefusal({ agent, input }: Caller, error: unknown): Promise<void> {
  if (!isDomainError(error) || !REFUSALS.includes(error.type)) return;
  if (agent) await noteRefusal(database(), agent.hostId, error.message).catch(() => undefined);
  if (input) inputCounters(database()).noteRefusal(input.hostId, error.message);
}

function errorAnswer({ protocol, raw }: Endpoint, request: Request, error: unknown): Response {
  if (protocol === "otlp") return otlpError(request, error);
  if (raw) return plainError(error);
  return protocol === "prometheus" ? prometheusError(error) : problemResponse(error);
}

function reply(endpoint: Endpoint, result: unknown): Response {
  if (result instanceof Response) return result;
  if (endpoint.response) return jsonResponse(endpoint, result, endpoint.status ?? 200);
  return new Response(null, { status: endpoint.status ?? 204, headers: NO_STORE });
}

const NO_STORE = { "cache-control": "no-store" };

/** An answer as its endpoint describes it, in the names of the wire. `finish` is given its JSON, to put in what it has as text already. */
export function jsonResponse(
  endpoint: Endpoint,
  result: unknown,
  status: number,
  finish: (json: string) => string | Uint8Array<ArrayBuffer> = (json) => json,
): Response {
  if (!endpoint.response) throw new Error(`${endpoint.path} describes no answer`);
  const text = finish(JSON.stringify(encode(endpoint.response, result)));
  const body = typeof text === "string" ? Buffer.from(text) : text;
  // The tests run with this set: an answer that is not as documented fails them.
  if (process.env.SIGHTLINE_CHECK_RESPONSES)
    wireSchema(endpoint.response).parse(JSON.parse(Buffer.from(body).toString()));
  return wholeResponse(body, { status, headers: { ...NO_STORE, "content-type": "application/json" } });
}
