import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { agentProgram } from "#lib/config/agent-files.ts";

/** The agent's one file, as the build made it. Anyone may have it: what lets an agent in is its token. */
export async function GET(request: Request): Promise<Response> {
  const program = await readFile(agentProgram());
  const etag = `"${createHash("sha256").update(program).digest("base64url").slice(0, 27)}"`;
  if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers: { etag } });
  return new Response(program, {
    headers: {
      etag,
      "content-type": "text/javascript; charset=utf-8",
      "content-disposition": 'attachment; filename="sightline-agent.mjs"',
      "cache-control": "no-cache",
    },
  });
}
