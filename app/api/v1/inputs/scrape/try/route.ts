import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { tryScrape } from "#lib/scrape/try-scrape.ts";

export const POST = serve(contract.inputs.tryScrape, ({ db, body, session }) => tryScrape(db, body, session.user.role));
