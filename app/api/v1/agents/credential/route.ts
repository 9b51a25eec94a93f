import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { announceCredential } from "#lib/hosts/agents/credentials.ts";

export const POST = serve(contract.agents.rotate, ({ db, agent, body, address }) =>
  announceCredential(db, agent, body.credential, address),
);
