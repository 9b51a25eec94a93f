import { serve } from "#app/api/_serve/serve.ts";
import { admitAgent } from "#lib/agents/admit-agent.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.agents.enrol, ({ db, body, address }) => admitAgent(db, body, { address }));
