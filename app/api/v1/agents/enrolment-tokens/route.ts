import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { createEnrolmentToken, listEnrolmentTokens } from "#lib/hosts/agents/enrolment-tokens.ts";

export const GET = serve(contract.agents.listTokens, ({ db }) => listEnrolmentTokens(db));

export const POST = serve(contract.agents.createToken, ({ db, body, session }) =>
  createEnrolmentToken(db, body, session.user.id),
);
