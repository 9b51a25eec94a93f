import { serve } from "#app/api/_serve/serve.ts";
import { contract } from "#lib/contract/index.ts";
import { receiveFrames } from "#lib/hosts/agents/receive-frames.ts";

export const POST = serve(contract.agents.push, ({ db, agent, body, address }) =>
  receiveFrames(db, agent, body, { address }),
);
