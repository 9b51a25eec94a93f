import { exportAnomaliesEndpoint } from "#app/api/_contract/exports.ts";
import { fileOf } from "#app/api/_serve/file.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { anomaliesTable } from "#lib/export/lists.ts";
import { parseSpan } from "#lib/query/instant.ts";

export const GET = serve(exportAnomaliesEndpoint, async ({ db, query, session }) => {
  const span = parseSpan(query, Date.now());
  const filter = { hostId: query.host, severities: query.severity, statuses: query.status, ...span };
  return fileOf(anomaliesTable(db, filter), { db, session, name: "anomalies", format: query.format, details: span });
});
