import { serve } from "#app/api/_serve/serve.ts";
import { followLink, readLinkedAction } from "#lib/alerts/email-links.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.alertLinks.read, ({ db, query }) => readLinkedAction(db, query.token, Date.now()));

export const POST = serve(contract.alertLinks.use, ({ db, query }) => followLink(db, query.token, Date.now()));
