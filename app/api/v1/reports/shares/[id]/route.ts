import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { revokeShare } from "#lib/reports/share.ts";

export const DELETE = serve(contract.reports.revokeShare, ({ db, params, session }) =>
  revokeShare(db, params.id, session.user),
);
