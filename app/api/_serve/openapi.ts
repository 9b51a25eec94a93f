import type { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { ENDPOINTS } from "#lib/contract/endpoints.ts";
import { rolesWith } from "#lib/contract/permissions.ts";
import { API_ROOT } from "#lib/contract/roots.ts";
import { problemSchema } from "#lib/contract/shared.ts";
import { wireSchema } from "#lib/contract/wire-schema.ts";

const json = (schema: z.ZodType) => ({ "application/json": { schema: wireSchema(schema) } });

function openTo({ permission, agent, input }: Endpoint): string {
  if (permission === "public") return "Open to anyone.";
  if (input) return `Inputs of the kind ${input}, by their tokens.`;
  return agent ? "Agents, by the credential that they enrolled with." : `Roles: ${rolesWith(permission).join(", ")}.`;
}

function operation(endpoint: Endpoint): ZodOpenApiOperationObject {
  const open = endpoint.permission === "public";
  const success = { description: "Done", ...(endpoint.response ? { content: json(endpoint.response) } : {}) };
  return {
    tags: [endpoint.tag],
    summary: endpoint.summary,
    description: openTo(endpoint),
    security: open ? [] : [{ session: [] }, { token: [] }],
    requestParams: {
      ...(endpoint.params ? { path: wireSchema(endpoint.params) as z.ZodObject } : {}),
      ...(endpoint.query ? { query: wireSchema(endpoint.query) as z.ZodObject } : {}),
    },
    ...(endpoint.body ? { requestBody: { required: true, content: json(endpoint.body) } } : {}),
    responses: {
      [String(endpoint.status ?? (endpoint.response ? 200 : 204)) as "200"]: success,
      default: {
        description: "RFC 9457 problem details",
        content: { "application/problem+json": { schema: problemSchema } },
      },
    },
  };
}

function makeDocument(version: string) {
  const paths: ZodOpenApiPathsObject = {};
  for (const endpoint of ENDPOINTS) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operation(endpoint) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Sightline",
      version,
      description:
        "Live frames come over a WebSocket at /api/v1/stream: send {type:'subscribe', host, series, since}, receive frames. It takes the session cookie and our own Origin.",
    },
    servers: [{ url: API_ROOT }],
    components: {
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "sightline.session" },
        token: { type: "http", scheme: "bearer" },
      },
    },
    paths,
  });
}

const made = new Map<string, ReturnType<typeof makeDocument>>();

/** OpenAPI 3.1 of the same schemas that check requests. Made once: it takes some 75 ms, and pages are drawn from it. */
export function openapiDocument(version: string): ReturnType<typeof makeDocument> {
  const document = made.get(version) ?? makeDocument(version);
  made.set(version, document);
  return document;
}
