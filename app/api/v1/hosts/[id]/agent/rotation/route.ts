import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { requestRotation } from "#lib/hosts/agents/credentials.ts";

export const POST = serve(contract.hosts.rotateAgent, ({ db, params }) => requestRotation(db, params.id));
