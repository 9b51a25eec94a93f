import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { revokeAgent } from "#lib/hosts/agents/credentials.ts";

export const DELETE = serve(contract.hosts.revokeAgent, ({ db, params }) => revokeAgent(db, params.id));
