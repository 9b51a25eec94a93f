import { serve } from "#app/api/_serve/serve.ts";
import { contract } from "#lib/contract/index.ts";
import { listHosts } from "#lib/hosts/hosts.ts";

export const GET = serve(contract.hosts.list, ({ db }) => listHosts(db));
