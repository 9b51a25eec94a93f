import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { updateHost } from "#lib/hosts/update-host.ts";

export const PATCH = serve(contract.hosts.update, ({ db, params, body }) => updateHost(db, params.id, body));
