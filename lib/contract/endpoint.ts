import type { z } from "zod";
import "#lib/contract/messages.ts";
import type { InputKind } from "#lib/contract/input-names.ts";
import type { Permission } from "#lib/contract/permissions.ts";
import { API_ROOT, PROMETHEUS_ROOT } from "#lib/contract/roots.ts";
import { made } from "#lib/contract/schema.ts";
import { strict } from "#lib/contract/strict.ts";

/** What the path of an endpoint is below. */
export const rootOf = ({ protocol, root }: Pick<Endpoint, "protocol" | "root">): string =>
  root ?? (protocol === "prometheus" ? PROMETHEUS_ROOT : API_ROOT);

/** What a route takes and answers: its handler, its documentation, its tests and the client all read this one description. */
export type Endpoint<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> = {
  /** GET reads, POST creates or acts, PUT writes whatever was there, PATCH changes a part, DELETE removes. */
  method: "get" | "post" | "put" | "patch" | "delete";
  /** Below the root of its protocol; parameters in braces. */
  path: string;
  tag: string;
  summary: string;
  permission: Permission;
  params?: Params;
  query?: Query;
  body?: Body;
  /**
   * What the audit trail holds: a change is in it unless its handler records that itself ("own") or nothing is changed ("none"); of what
   * reads, only "read", which is of personal data.
   */
  audit?: "own" | "none" | "read";
  /** Fields of the body whose values are in no trail. */
  secret?: readonly string[];
  /** Takes batches of programs: the body may be as long as the setting ingest_max_kib says. */
  ingest?: true;
  /** The list of the body whose items are taken each by itself: what is wrong with some is answered, and the rest is stored. */
  each?: string;
  /** Also takes a publishable key, from pages of the origins that it names. */
  browser?: true;
  /** Only for the agent of a host, by its credential. */
  agent?: true;
  /** Only for inputs of one kind, by their tokens. */
  input?: InputKind;
  /** Takes its body as it comes, whatever its type: what is wrong with it is answered as plain text. */
  raw?: true;
  /**
   * Speaks as Prometheus does: its parameters come in the URL or as a form, what it does not describe is passed over, an API token may be the
   * password of Basic authentication, and errors have Prometheus' form. Or as OTLP does: errors are google.rpc.Status, in the request's encoding.
   */
  protocol?: "prometheus" | "otlp";
  /** What its path is below, where that is neither API_ROOT nor, of Prometheus' API, PROMETHEUS_ROOT. */
  root?: "";
  /** None for an answer without a body. */
  response?: Response;
  status?: 200 | 201 | 204;
};

/** Describes an endpoint, with the types of its schemas; what comes in may have no fields but those that are described. */
export function endpoint<
  Params extends z.ZodObject = never,
  Query extends z.ZodObject = never,
  Body extends z.ZodType = never,
  Response extends z.ZodType = never,
>(description: Endpoint<Params, Query, Body, Response>): Endpoint<Params, Query, Body, Response> {
  const { query, body } = description;
  return { ...description, ...(query && { query: made(query, strict) }), ...(body && { body: made(body, strict) }) };
}
