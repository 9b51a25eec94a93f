import { type AgentSettings, agentSettings } from "#lib/agents/agent-settings.ts";
import type { Database } from "#lib/db/client.ts";
import { type EnrolRequest, enrolAgent } from "#lib/hosts/agents/enrol.ts";

type Admitted = { host: { id: number; name: string }; now: number; settings: AgentSettings };

/** Lets an agent in by an enrolment token, and tells it what to do. @throws as enrolAgent */
export async function admitAgent(
  db: Database,
  request: EnrolRequest,
  { address, now = Date.now() }: { address: string; now?: number },
): Promise<Admitted> {
  const host = await enrolAgent(db, request, { address, now });
  return { host, now, settings: await agentSettings(db, host.id) };
}
