import type { z } from "zod";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { API_ROOT } from "#lib/contract/roots.ts";
import { decode, encode } from "#lib/contract/wire.ts";
import type { Problem } from "#lib/errors.ts";

/** What the API said was wrong, or that it could not be reached at all. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  /** The message for one field of a form. */
  field(name: string): string | undefined {
    return this.problem.errors?.find((error) => error.field === name)?.message;
  }
}

const UNREACHABLE: Problem = {
  type: "/problems/unreachable",
  title: "No connection",
  status: 503,
  detail: "Sightline does not answer: check the connection, or whether it is being restarted",
};

/** What was wrong with a request, by its answer. */
export async function problemOf(response: Response): Promise<Problem> {
  const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
  return problem?.detail
    ? problem
    : { ...UNREACHABLE, status: response.status, detail: `Sightline answered ${response.status}` };
}

type Part<Name extends string, V> = [V] extends [never]
  ? unknown
  : Partial<V> extends V
    ? { [K in Name]?: V }
    : { [K in Name]: V };

/** Parameters as TypeScript has them: numbers, booleans and ms, which `urlOf` writes as text; what has a default may be left out. */
type Values<S> = [S] extends [never]
  ? never
  : S extends z.ZodType
    ? { [K in keyof z.input<S>]: K extends keyof z.output<S> ? z.output<S>[K] : never }
    : never;

/** What a call of an endpoint needs, in TypeScript's names. */
export type CallInput<E> =
  E extends Endpoint<infer P, infer Q, infer B, z.ZodType>
    ? Part<"params", Values<P>> &
        Part<"query", Values<Q>> &
        Part<"body", z.input<B>> & { signal?: AbortSignal | undefined }
    : never;

/** What an endpoint answers: as described, with instants as Dates; undefined where it answers nothing. */
export type CallOutput<E> =
  E extends Endpoint<z.ZodObject, z.ZodObject, z.ZodType, infer R>
    ? [R] extends [never]
      ? undefined
      : z.output<R>
    : never;

type AnyInput = { params?: Record<string, unknown>; query?: unknown; body?: unknown; signal?: AbortSignal };

function urlOf(endpoint: Endpoint, { params = {}, query }: AnyInput = {}): string {
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  const values = endpoint.query
    ? (encode(endpoint.query, (query ?? {}) as Record<string, unknown>) as Record<string, unknown>)
    : {};
  for (const [name, value] of Object.entries(values))
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined && item !== null && item !== "") search.append(name, String(item));
  return `${API_ROOT}${path}${search.size > 0 ? `?${search}` : ""}`;
}

/** The address of an endpoint, for links and downloads. */
export const addressOf = <E>(endpoint: E, input: Omit<CallInput<E>, "body" | "signal">): string =>
  urlOf(endpoint as Endpoint, input as AnyInput);

/** Sends a request; answers what came, or undefined for an answer without a body. @throws ApiError */
async function send(url: string, method: string, body: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(signal ? { signal } : {}),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  }).catch((error: Error) => {
    if (error.name === "AbortError") throw error;
    throw new ApiError(UNREACHABLE);
  });
  // The session has ended: the page's own guard leads to the sign-in and back.
  if (response.status === 401 && !url.endsWith("/setup")) window.location.reload();
  if (!response.ok) throw new ApiError(await problemOf(response));
  return response.status === 204 ? undefined : response.json();
}

/** Calls an endpoint of the contract. @throws ApiError */
export async function call<E>(endpoint: E, input: CallInput<E>): Promise<CallOutput<E>> {
  const described = endpoint as Endpoint;
  const { body, signal } = input as AnyInput;
  const json = described.body ? encode(described.body, body) : undefined;
  const answer = await send(urlOf(described, input as AnyInput), described.method.toUpperCase(), json, signal);
  return (described.response ? decode(described.response, answer) : undefined) as CallOutput<E>;
}
