import { serve } from "#app/api/_serve/serve.ts";
import { listAnomalies } from "#lib/anomalies/list-anomalies.ts";
import * as contract from "#lib/contract/index.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.anomalies.list, ({ db, query }) => {
  const { host: hostId, metric, type, severity, status, limit, offset } = query;
  const filter = { hostId, metric, types: type, severities: severity, statuses: status };
  return listAnomalies(db, { ...filter, ...parseSpan(query, Date.now()) }, { skip: offset, take: limit });
});
