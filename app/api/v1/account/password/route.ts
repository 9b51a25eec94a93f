import { changePasswordEndpoint } from "#app/api/_contract/account.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { changePassword } from "#lib/access/sessions.ts";

export const POST = serve(changePasswordEndpoint, ({ db, body, session }) => changePassword(db, session, body));
