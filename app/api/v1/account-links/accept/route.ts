import { serve } from "#app/api/_serve/serve.ts";
import { acceptLink } from "#lib/access/account-links.ts";
import { recordAuditEvent } from "#lib/audit/trail.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.accounts.acceptLink, async ({ db, body, address }) => {
  const { id: userId, email, isNew } = await acceptLink(db, body, address);
  const action = isNew ? "accounts.join" : "accounts.choosePassword";
  await recordAuditEvent(db, { userId, email, action, subject: email, details: { address }, now: Date.now() });
  return { email };
});
