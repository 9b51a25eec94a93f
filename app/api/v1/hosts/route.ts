import { hostsEndpoint } from "#app/api/_contract/hosts.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { listHosts } from "#lib/hosts/hosts.ts";

export const GET = serve(hostsEndpoint, ({ db }) => listHosts(db));
