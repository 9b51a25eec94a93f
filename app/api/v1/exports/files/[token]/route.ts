import { fileResponse, recordDownload } from "#app/api/_serve/file.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { sessionSecret } from "#lib/access/token.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import * as contract from "#lib/contract/index.ts";
import { exportDir, openFile } from "#lib/exports/files.ts";

export const GET = serve(contract.exports.file, async ({ db, params: { token }, range, address }) => {
  const source = { dir: exportDir(readEnvironment().dataDir), secret: sessionSecret(), now: Date.now() };
  const file = await openFile(db, { token, range }, source);
  await recordDownload(db, file, address);
  return fileResponse(file);
});
