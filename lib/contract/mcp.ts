import { endpoint } from "#lib/contract/endpoint.ts";
import * as z from "#lib/contract/schema.ts";

/** The server of the Model Context Protocol: one path, whose messages the protocol describes itself. */
export const mcp = {
  call: endpoint({
    method: "post",
    path: "/mcp",
    tag: "Assistants",
    summary: "Model Context Protocol (streamable HTTP, without sessions): tools by which an assistant reads the portal",
    permission: "mcp:use",
    root: "",
    // Nothing is changed; what a tool reads goes by the route that it asks.
    audit: "none",
    body: z.unknown().describe("JSON-RPC 2.0"),
    response: z.unknown(),
    status: 200,
  }),
};
