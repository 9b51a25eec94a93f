import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { problemResponse } from "#app/api/_serve/problem.ts";
import { AGENT_PLATFORM, agentExecutable } from "#lib/config/agent-files.ts";
import { DomainError } from "#lib/errors.ts";

/** The agent as one executable, for machines without Node: of the portal's own platform, where its build could make it. */
export async function GET(_: Request, { params }: { params: Promise<{ platform: string }> }): Promise<Response> {
  const { platform } = await params;
  const file = platform === AGENT_PLATFORM ? await stat(agentExecutable()).catch(() => undefined) : undefined;
  if (!file)
    return problemResponse(
      new DomainError("not-found", `There is no executable for "${platform}" here: install Node 20 and take /agent`),
    );
  return new Response(Readable.toWeb(createReadStream(agentExecutable())) as ReadableStream, {
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(file.size),
      "content-disposition": 'attachment; filename="sightline-agent"',
    },
  });
}
