import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { removeEnrolmentToken } from "#lib/hosts/agents/enrolment-tokens.ts";

export const DELETE = serve(contract.agents.removeToken, ({ db, params }) => removeEnrolmentToken(db, params.id));
