import { sendLink } from "#app/_access/account-link.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { inviteUser, listAccounts, readAccount } from "#lib/access/accounts.ts";
import { createUser } from "#lib/access/users.ts";
import * as contract from "#lib/contract/index.ts";

export const GET = serve(contract.accounts.list, ({ db }) => listAccounts(db));

export const POST = serve(contract.accounts.create, async ({ db, body: { password, ...person }, session }) => {
  const user = password === undefined ? await inviteUser(db, person) : await createUser(db, { ...person, password });
  const link = password === undefined ? await sendLink(db, user, "invited", session.user.name) : null;
  return { account: await readAccount(db, user.id), link };
});
