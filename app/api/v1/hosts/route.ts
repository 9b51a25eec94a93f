import { serve } from "#app/api/_serve/serve.ts";
import { listHostsWithState } from "#lib/alerts/host-states.ts";
import { contract } from "#lib/contract/index.ts";

export const GET = serve(contract.hosts.list, ({ db }) => listHostsWithState(db));
