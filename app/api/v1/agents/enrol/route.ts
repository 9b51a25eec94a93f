import { serve } from "#app/api/_serve/serve.ts";
import { contract } from "#lib/contract/index.ts";
import { enrolAgent } from "#lib/hosts/agents/enrol.ts";

export const POST = serve(contract.agents.enrol, ({ db, body, address }) => enrolAgent(db, body, { address }));
