import { postMortemFile } from "#app/api/_serve/file.ts";
import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readPostMortem } from "#lib/incidents/post-mortems.ts";

export const GET = serve(contract.postMortems.file, async ({ db, params, query, session, reader }) => {
  const hostId = (await findHost(db, query.host)).id;
  return postMortemFile(await readPostMortem(db, hostId, params.id, Date.now()), query.format, { db, session }, reader);
});
