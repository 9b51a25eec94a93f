import { serve } from "#app/api/_serve/serve.ts";
import { changePassword } from "#lib/access/sessions.ts";
import { changePasswordEndpoint } from "#lib/contract/account.ts";

export const POST = serve(changePasswordEndpoint, ({ db, body, session }) => changePassword(db, session, body));
