import { openapiDocument } from "#app/api/_serve/openapi.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { VERSION } from "#lib/config/version.ts";
import { openapiEndpoint } from "#lib/contract/settings.ts";

export const GET = serve(openapiEndpoint, async () => openapiDocument(VERSION));
