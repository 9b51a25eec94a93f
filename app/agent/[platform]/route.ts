import { createReadStream, existsSync } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { createZstdDecompress } from "node:zlib";
import { problemResponse } from "#app/api/_serve/problem.ts";
import { AGENT_PLATFORM, agentExecutable } from "#lib/config/agent-files.ts";
import { DomainError } from "#lib/errors.ts";

/** The agent as one executable, for machines without Node: of the portal's own platform, where its build could make it. */
export async function GET(_: Request, { params }: { params: Promise<{ platform: string }> }): Promise<Response> {
  const { platform } = await params;
  if (platform !== AGENT_PLATFORM || !existsSync(agentExecutable()))
    return problemResponse(
      new DomainError("not-found", `There is no executable for "${platform}" here: install Node 20 and take /agent`),
    );
  // One that fails in the middle breaks the answer off, which whoever takes it notices.
  const unpacked = pipeline(createReadStream(agentExecutable()), createZstdDecompress(), () => undefined);
  return new Response(Readable.toWeb(unpacked) as ReadableStream, {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": 'attachment; filename="sightline-agent"',
    },
  });
}
