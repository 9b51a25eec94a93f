import { serve } from "#app/api/_serve/serve.ts";
import { listHostsWithFigures } from "#lib/alerts/host-states.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.hosts.list, ({ db, query }) => listHostsWithFigures(db, query));
