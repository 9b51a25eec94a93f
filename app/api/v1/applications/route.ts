import { serve } from "#app/api/_serve/serve.ts";
import { listApplications } from "#lib/applications/read-applications.ts";
import * as contract from "#lib/contract/index.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.applications.list, ({ db, query, signal }) =>
  listApplications(db, query, { ...parseSpan(query, Date.now()), threshold: query.threshold, signal }),
);
