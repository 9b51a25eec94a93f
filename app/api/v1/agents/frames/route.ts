import { serve } from "#app/api/_serve/serve.ts";
import { receiveFrames } from "#lib/agents/receive-frames.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.agents.push, ({ db, agent, body, address }) =>
  receiveFrames(db, agent, body, { address }),
);
