import { serve } from "#app/api/_serve/serve.ts";
import { listSessions } from "#lib/access/sessions.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.account.sessions, async ({ db, session }) => {
  const sessions = await listSessions(db, session.user.id);
  return sessions.map((listed) => ({ ...listed, current: listed.id === session.id }));
});
