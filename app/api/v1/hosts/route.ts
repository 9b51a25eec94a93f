import { serve } from "#app/api/_serve/serve.ts";
import { hostsEndpoint } from "#lib/contract/hosts.ts";
import { listHosts } from "#lib/hosts/hosts.ts";

export const GET = serve(hostsEndpoint, ({ db }) => listHosts(db));
