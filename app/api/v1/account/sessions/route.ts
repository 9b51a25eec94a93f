import { sessionsEndpoint } from "#app/api/_contract/account.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { listSessions } from "#lib/access/sessions.ts";

export const GET = serve(sessionsEndpoint, async ({ db, session }) => {
  const sessions = await listSessions(db, session.user.id);
  return sessions.map((one) => ({ ...one, current: one.id === session.id }));
});
