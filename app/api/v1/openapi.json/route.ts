import { openapiDocument } from "#app/api/_contract/openapi.ts";
import { openapiEndpoint } from "#app/api/_contract/system.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { VERSION } from "#lib/config/version.ts";

export const GET = serve(openapiEndpoint, async () => openapiDocument(VERSION));
