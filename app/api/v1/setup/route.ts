import { serve } from "#app/api/_serve/serve.ts";
import { completeSetup } from "#lib/access/setup.ts";
import { recordAuditEvent } from "#lib/audit/trail.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.system.setup, async ({ db, body, address }) => {
  const user = await completeSetup(db, body, address);
  const { id: userId, email, role } = user;
  await recordAuditEvent(db, {
    userId,
    email,
    action: "system.setup",
    subject: email,
    details: { role, address },
    now: Date.now(),
  });
  return user;
});
