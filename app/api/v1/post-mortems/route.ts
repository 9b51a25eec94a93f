import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { listPostMortems } from "#lib/incidents/post-mortems.ts";

export const GET = serve(contract.postMortems.list, ({ db, query }) => listPostMortems(db, query.host));
