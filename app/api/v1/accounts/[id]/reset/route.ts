import { sendLink } from "#app/_access/account-link.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { setPassword } from "#lib/access/account-links.ts";
import { readAccount } from "#lib/access/accounts.ts";
import { endAccess } from "#lib/access/close-access.ts";
import * as contract from "#lib/contract/index.ts";

export const POST = serve(contract.accounts.reset, async ({ db, params: { id }, body: { password }, session }) => {
  const { email, state } = await readAccount(db, id);
  if (password !== undefined) {
    await setPassword(db, id, password);
    return { account: await readAccount(db, id), link: null };
  }
  await endAccess(db, id);
  const link = await sendLink(db, { id, email }, state === "invited" ? "invited" : "reset", session.user.name);
  return { account: await readAccount(db, id), link };
});
