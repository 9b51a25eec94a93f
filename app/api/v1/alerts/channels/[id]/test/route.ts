import { serve } from "#app/api/_serve/serve.ts";
import { testChannel } from "#lib/alerts/deliver.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.alertChannels.test, ({ db, params }) => testChannel(db, params.id, Date.now()));
