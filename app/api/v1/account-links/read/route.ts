import { serve } from "#app/api/_serve/serve.ts";
import { readLink } from "#lib/access/account-links.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.accounts.readLink, ({ db, body, address }) => readLink(db, body.token, address));
