import { jsonResponse, serve } from "#app/api/_serve/serve.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import * as contract from "#lib/contract/index.ts";
import { statusDatabase } from "#lib/db/client.ts";
import { recentHealth } from "#lib/hosts/health.ts";
import { readRecorderReport, withRecorder } from "#lib/hosts/recorder-status.ts";

/** Read once: a look at all of the environment takes a tenth of an answer. */
let dataDir: string | undefined;

export const GET = serve(contract.system.health, async () => {
  dataDir ??= readEnvironment().dataDir;
  const report = readRecorderReport(dataDir);
  const health = withRecorder(await recentHealth(statusDatabase()), report);
  const response = jsonResponse(contract.system.health, health, health.status === "ok" ? 200 : 503);
  if (!response.ok) response.headers.set("retry-after", "5");
  return response;
});
