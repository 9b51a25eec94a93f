import { openapiDocument } from "#app/api/_serve/openapi.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { VERSION } from "#lib/config/version.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.system.openapi, async () => openapiDocument(VERSION) as { openapi: string });
