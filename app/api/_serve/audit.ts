import type { z } from "zod";
import { STATES } from "#app/api/_serve/audit-states.ts";
import type { SessionInfo } from "#lib/access/sessions.ts";
import { describeChange } from "#lib/audit/changes.ts";
import { RepeatedEvents } from "#lib/audit/repeated.ts";
import { type AuditEvent, recordAuditEvent } from "#lib/audit/trail.ts";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { endpointName } from "#lib/contract/endpoints.ts";
import { type Database, database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";

export type Who = { db: Database; session: SessionInfo };

type AnyEndpoint = Endpoint<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType>;

/** What a call was made of, as far as the trail is concerned. */
type Called = {
  db: Database;
  session: SessionInfo | undefined;
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  body: unknown;
  address: string;
};

/** Writes into the audit trail what the one who is signed in did. */
export const auditAs = (
  { db, session: { user } }: Who,
  action: string,
  subject: string,
  details: NonNullable<AuditEvent["details"]>,
) => recordAuditEvent(db, { userId: user.id, email: user.email, action, subject, details, now: Date.now() });

/** The path with its parameters in their place: /experiments/7. */
const subjectOf = ({ path }: AnyEndpoint, params: Record<string, unknown>): string =>
  path.replace(/\{(\w+)\}/g, (_, name) => String(params[name] ?? "").slice(0, 100));

const changes = ({ method, audit }: AnyEndpoint): boolean => method !== "get" && audit === undefined;

/** What an answer says of what was created. */
function createdBy(result: unknown): object {
  if (typeof result !== "object" || result === null || result instanceof Response || Array.isArray(result)) return {};
  const { id, key, email, role } = result as Record<string, unknown>;
  return { id, key, email, role };
}

/** Reads what a call is about to change. Where that fails, so does the call, and says why. */
export async function stateBefore(
  endpoint: AnyEndpoint,
  { db, session, params, query, body }: Called,
): Promise<unknown> {
  const reader = changes(endpoint) ? STATES[endpointName(endpoint)] : undefined;
  return reader?.(db, { params, query, body, userId: session?.user.id ?? "" }).catch(() => undefined);
}

/** Records what a call changed, or whose personal data it read. */
export async function auditCall(
  endpoint: AnyEndpoint,
  called: Called,
  before: unknown,
  result: unknown,
): Promise<void> {
  const { db, session, params, body, address } = called;
  const { id: userId = null, email = "" } = session?.user ?? {};
  const event = {
    userId,
    email,
    action: endpointName(endpoint),
    subject: subjectOf(endpoint, params),
    now: Date.now(),
  };
  if (endpoint.audit === "read") return repeated.record({ ...event, details: { address } });
  if (!changes(endpoint)) return;
  const removed = endpoint.method === "delete";
  const after = removed
    ? undefined
    : { ...createdBy(before === undefined ? result : undefined), ...((body ?? {}) as object) };
  const details = { ...describeChange(before, after, endpoint.secret), address };
  await recordAuditEvent(db, { ...event, details });
}

/** Refusals and reads, which anyone can cause as often as they like. */
const repeated = new RepeatedEvents(database);

const DENIALS = ["unauthenticated", "forbidden", "locked", "rate-limited"];

/** Records that somebody was refused: whoever came with no credentials at all has only found the door. */
export async function auditDenial(
  endpoint: AnyEndpoint,
  error: unknown,
  called: Partial<Called> & { claims: boolean },
): Promise<void> {
  if (!(error instanceof DomainError) || !DENIALS.includes(error.type) || !called.claims) return;
  const { session, address = "unknown" } = called;
  await repeated.record({
    userId: session?.user.id ?? null,
    email: session?.user.email ?? "",
    action: `denied: ${error.type}`,
    subject: endpointName(endpoint),
    details: { address, reason: error.message.slice(0, 200) },
    now: Date.now(),
  });
}
