import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { readIntegrationStates } from "#lib/integrations/read-states.ts";

export const GET = serve(contract.integrations.list, ({ db, query }) => readIntegrationStates(db, query));
